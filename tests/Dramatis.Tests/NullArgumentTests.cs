using System.Reflection;
using System.Runtime.CompilerServices;
using Dramatis.Extensions.AI;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Training.Adapters;
using Dramatis.Training.Learned;
using Dramatis.Training.Preparation;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using Dramatis.Weights.Catalog;
using Microsoft.Extensions.AI;

namespace Dramatis.Tests;

/// <summary>Each method of the public face tells a null by its parameter's name, before it does anything.</summary>
public sealed class NullArgumentTests
{
    private static readonly Assembly[] Libraries =
        [typeof(GenerationRequest).Assembly, typeof(ImageGenerator).Assembly, typeof(Learning).Assembly, typeof(DramatisImageGenerator).Assembly];

    // What methods are called on, and with.
    private static readonly Dictionary<Type, Func<object>> Samples = new()
    {
        [typeof(string)] = () => "nowhere",
        [typeof(byte[])] = () => new byte[4],
        [typeof(Picture)] = () => new Picture(1, 1),
        [typeof(GenerationRequest)] = () => new GenerationRequest { Prompt = "a" },
        [typeof(GenerationDefaults)] = () => new GenerationDefaults { Size = new(64, 64) },
        [typeof(RequestFiles)] = () => RequestFiles.None,
        [typeof(Reference)] = () => Reference.FromBytes([]),
        [typeof(PictureRecord)] = () => new PictureRecord(new() { Prompt = "a" }, [], ""),
        [typeof(ModelLoading)] = () => new ModelLoading(),
        [typeof(ModelCatalog)] = () => new ModelCatalog(ToyboxFolder.Path, "nowhere"),
        [typeof(ImageGenerator)] = () => ImageGenerator.Open(ToyboxFolder.Path),
        [typeof(Painter)] = () => new Painter(BaseModel.Load(ToyboxFolder.Path)),
        [typeof(ImageGenerationOptions)] = () => new ImageGenerationOptions(),
        [typeof(LearnRequest)] = () => new LearnRequest { Method = "lora", Subjects = [] },
        [typeof(LearnedMethod)] = () => LearnedMethods.All[0],
        [typeof(AdapterRequest)] = () => new MsDiffusionRequest { Model = "nowhere", Data = "nowhere", Output = "nowhere" },
        [typeof(PreparationOptions)] = () => new PreparationOptions { Data = "nowhere", Output = "nowhere" },
        [typeof(PreparationModels)] = () => new PreparationModels { Detector = "nowhere", Segmenter = "nowhere" },
        [typeof(CatalogEntry)] = () => new CatalogEntry { Name = "a", Path = "nowhere", Contents = new(WeightsForm.Weights, "", []) },
    };

    public static TheoryData<string> Parameters =>
    [
        .. Methods().SelectMany(method => method.GetParameters().Where(IsNeeded).Select(parameter => NameOf(method, parameter))),
    ];

    [Theory]
    [MemberData(nameof(Parameters))]
    public async Task A_null_is_told_by_the_parameter_s_name(string name)
    {
        var (method, wanted) = Methods().SelectMany(method => method.GetParameters().Select(parameter => (method, parameter)))
            .Single(item => NameOf(item.method, item.parameter) == name);
        using var target = method.IsStatic || method is ConstructorInfo ? null : new Target(Samples[method.DeclaringType!]());
        object?[] arguments = [.. method.GetParameters().Select(parameter => parameter == wanted ? null : ValueOf(parameter))];

        var error = await Record.ExceptionAsync(() => Call(method, target?.Value, arguments));

        Assert.True(error is ArgumentNullException { ParamName: { } told } && told == wanted.Name, $"{name}: {error?.GetType().Name} {error?.Message}");
    }

    private static string NameOf(MethodBase method, ParameterInfo parameter) => $"{method.DeclaringType!.FullName} {method} {parameter.Name}";

    private static async Task Call(MethodBase method, object? target, object?[] arguments)
    {
        const BindingFlags Plain = BindingFlags.DoNotWrapExceptions;
        var result = method is ConstructorInfo constructor
            ? constructor.Invoke(Plain, null, arguments, null)
            : method.Invoke(target, Plain, null, arguments, null);
        if (result is Task task)
        {
            await task;
        }
    }

    private static object? ValueOf(ParameterInfo parameter) =>
        Samples.TryGetValue(parameter.ParameterType, out var sample) ? sample()
        : parameter.HasDefaultValue || !parameter.ParameterType.IsValueType ? null
        : Activator.CreateInstance(parameter.ParameterType);

    // Records are values: what their constructors and setters are given is checked where a request enters. Virtual members are their overriders'.
    private static IEnumerable<MethodBase> Methods() =>
        from type in Libraries.SelectMany(library => library.GetExportedTypes())
        where !type.IsEnum && !type.Namespace!.StartsWith("Dramatis.Verification", StringComparison.Ordinal)
        where !typeof(Exception).IsAssignableFrom(type) && !typeof(Delegate).IsAssignableFrom(type)
        from method in type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly).OfType<MethodBase>()
        where !method.IsSpecialName
            || (method is ConstructorInfo && type.GetMethod("<Clone>$") is null && !type.IsValueType)
        where !method.IsVirtual && !method.IsDefined(typeof(CompilerGeneratedAttribute))
            && method.Name is not ("Equals" or "ToString" or "GetHashCode" or "op_Implicit")
        select method;

    private static bool IsNeeded(ParameterInfo parameter) => !parameter.HasDefaultValue
        && !parameter.ParameterType.IsValueType
        && new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.NotNull;

    private sealed class Target(object value) : IDisposable
    {
        public object Value => value;

        public void Dispose() => (value as IDisposable)?.Dispose();
    }
}
