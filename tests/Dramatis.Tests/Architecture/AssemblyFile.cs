using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Dramatis.Tests.Architecture;

/// <summary>
/// What the types of an assembly use, read from its file: signatures, bases, constraints, attributes and every instruction
/// of every body. Constants and nameof leave no trace there.
/// </summary>
internal sealed class AssemblyFile
{
    private static readonly SignatureTypes Types = new();

    private readonly PEReader file;
    private readonly MetadataReader metadata;
    private readonly HashSet<TypeUse> uses = [];
    private readonly HashSet<(TypeName Type, string Word)> words = [];

    private AssemblyFile(PEReader file)
    {
        this.file = file;
        metadata = file.GetMetadataReader();
        foreach (var handle in metadata.TypeDefinitions)
        {
            ReadType(metadata.GetTypeDefinition(handle), SignatureTypes.NameOf(metadata, handle));
        }

        References = [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    public IReadOnlyList<string> References { get; }

    public IReadOnlyCollection<TypeUse> Uses => uses;

    /// <summary>The names of types and members, and the texts in bodies.</summary>
    public IReadOnlyCollection<(TypeName Type, string Word)> Words => words;

    public static AssemblyFile Read(string path)
    {
        using var stream = File.OpenRead(path);
        using var file = new PEReader(stream);
        return new(file);
    }

    private void ReadType(TypeDefinition type, TypeName owner)
    {
        var name = metadata.GetString(type.Name);
        words.Add((owner, name));
        Add(owner, name, [
            .. TypesOf(type.BaseType),
            .. type.GetInterfaceImplementations().SelectMany(handle => TypesOf(metadata.GetInterfaceImplementation(handle).Interface)),
            .. ConstraintsOf(type.GetGenericParameters()),
            .. AttributesOf(type.GetCustomAttributes()),
        ]);

        foreach (var field in type.GetFields().Select(metadata.GetFieldDefinition))
        {
            words.Add((owner, metadata.GetString(field.Name)));
            Add(owner, metadata.GetString(field.Name), [.. field.DecodeSignature(Types, null), .. AttributesOf(field.GetCustomAttributes())]);
        }

        foreach (var property in type.GetProperties().Select(metadata.GetPropertyDefinition))
        {
            Add(owner, metadata.GetString(property.Name), AttributesOf(property.GetCustomAttributes()));
        }

        foreach (var method in type.GetMethods().Select(metadata.GetMethodDefinition))
        {
            ReadMethod(method, owner, name);
        }
    }

    private void ReadMethod(MethodDefinition method, TypeName owner, string type)
    {
        // The body of a lambda or an async method lies in a generated member that carries the written one's name: <PaintAsync>d__4.
        var name = metadata.GetString(method.Name);
        var written = new[] { name, type }.FirstOrDefault(text => text.IndexOf('>', StringComparison.Ordinal) > 1);
        var member = written is null ? name : written[(written.LastIndexOf('<') + 1)..written.IndexOf('>', StringComparison.Ordinal)];

        words.Add((owner, member));
        Add(owner, member, [
            .. SignatureTypes.In(method.DecodeSignature(Types, null)),
            .. ConstraintsOf(method.GetGenericParameters()),
            .. AttributesOf(method.GetCustomAttributes()),
        ]);
        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        var body = file.GetMethodBody(method.RelativeVirtualAddress);
        Add(owner, member, TypesOf(body.LocalSignature));
        Add(owner, member, body.ExceptionRegions.SelectMany(region => TypesOf(region.CatchType)));
        foreach (var token in MethodBody.TokensOf(body))
        {
            if (token.Kind == HandleKind.UserString)
            {
                words.Add((owner, metadata.GetUserString((UserStringHandle)token)));
            }
            else
            {
                Add(owner, member, TypesOf((EntityHandle)token));
            }
        }
    }

    private void Add(TypeName from, string member, IEnumerable<TypeName> used) =>
        uses.UnionWith(used.Where(to => to != from).Select(to => new TypeUse(from, member, to)));

    private IEnumerable<TypeName> AttributesOf(CustomAttributeHandleCollection attributes) =>
        attributes.SelectMany(handle => TypesOf(metadata.GetCustomAttribute(handle).Constructor));

    private IEnumerable<TypeName> ConstraintsOf(GenericParameterHandleCollection parameters) => parameters
        .SelectMany(handle => metadata.GetGenericParameter(handle).GetConstraints())
        .SelectMany(handle => TypesOf(metadata.GetGenericParameterConstraint(handle).Type));

    private ImmutableArray<TypeName> TypesOf(EntityHandle handle) => handle.IsNil ? [] : handle.Kind switch
    {
        HandleKind.TypeDefinition => Types.GetTypeFromDefinition(metadata, (TypeDefinitionHandle)handle, 0),
        HandleKind.TypeReference => Types.GetTypeFromReference(metadata, (TypeReferenceHandle)handle, 0),
        HandleKind.TypeSpecification => Types.GetTypeFromSpecification(metadata, null, (TypeSpecificationHandle)handle, 0),
        HandleKind.FieldDefinition => TypesOf(metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType()),
        HandleKind.MethodDefinition => TypesOf(metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType()),
        HandleKind.MemberReference => TypesOf(metadata.GetMemberReference((MemberReferenceHandle)handle).Parent),
        HandleKind.MethodSpecification => TypesOf(metadata.GetMethodSpecification((MethodSpecificationHandle)handle)),
        HandleKind.StandaloneSignature => TypesOf(metadata.GetStandaloneSignature((StandaloneSignatureHandle)handle)),
        _ => throw new NotSupportedException($"No instruction carries a {handle.Kind}."),
    };

    private ImmutableArray<TypeName> TypesOf(MethodSpecification method) =>
        [.. TypesOf(method.Method), .. method.DecodeSignature(Types, null).SelectMany(types => types)];

    private ImmutableArray<TypeName> TypesOf(StandaloneSignature signature) => signature.GetKind() == StandaloneSignatureKind.LocalVariables
        ? [.. signature.DecodeLocalSignature(Types, null).SelectMany(types => types)]
        : SignatureTypes.In(signature.DecodeMethodSignature(Types, null));
}
