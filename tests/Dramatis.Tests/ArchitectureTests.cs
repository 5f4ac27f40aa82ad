using System.Reflection;
using Dramatis.Networks.UNet;
using Dramatis.Requests;

namespace Dramatis.Tests;

public sealed class ArchitectureTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // Lowest first; folders on one line may use each other.
    private static readonly string[][] Layers =
    [
        ["Tensors"], ["Conditioning"], ["Networks"], ["Sampling", "Weights"], ["Methods"], ["Benches", "Training"], ["Pipelines"], ["Verification"],
    ];

    private static readonly string[] MethodNames = ["MsDiffusion", "EasyRef", "FastComposer", "Cones", "IpAdapter"];

    [Fact]
    public void Folders_of_the_library_depend_downwards_only()
    {
        var wrong = from type in typeof(UNet).Assembly.GetTypes()
                    where LayerOf(type) is not null
                    from used in UsedBy(type)
                    where LayerOf(used) > LayerOf(type)
                    select $"{type.FullName} uses {used.FullName}";

        Assert.Empty(wrong.Distinct());
    }

    [Fact]
    public void Networks_know_no_method_by_name()
    {
        var named = from type in typeof(UNet).Assembly.GetTypes()
                    where type.Namespace?.StartsWith("Dramatis.Networks", StringComparison.Ordinal) == true
                    from name in type.GetMembers(All).Select(member => member.Name).Append(type.Name)
                    where MethodNames.Any(method => name.Contains(method, StringComparison.OrdinalIgnoreCase))
                    select $"{type.Name}.{name}";

        Assert.Empty(named);
    }

    [Fact]
    public void Core_needs_no_tensor_library() => Assert.DoesNotContain(
        typeof(GenerationRequest).Assembly.GetReferencedAssemblies(), assembly => assembly.Name!.Contains("Torch", StringComparison.OrdinalIgnoreCase));

    private static int? LayerOf(Type type)
    {
        var parts = type.Namespace?.Split('.') ?? [];
        var layer = parts.Length > 1 && type.Assembly == typeof(UNet).Assembly ? Array.FindIndex(Layers, names => names.Contains(parts[1])) : -1;
        return layer < 0 ? null : layer;
    }

    private static IEnumerable<Type> UsedBy(Type type) => type.GetFields(All).Select(field => field.FieldType)
        .Concat(type.GetMethods(All).SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType)
            .Append(method.ReturnType)
            .Concat(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [])))
        .Concat(type.GetConstructors(All).SelectMany(constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType)))
        .Concat(type.GetInterfaces())
        .Append(type.BaseType ?? typeof(object))
        .SelectMany(used => used.IsGenericType ? used.GetGenericArguments().Append(used) : [used])
        .Select(used => used.HasElementType ? used.GetElementType()! : used);
}
