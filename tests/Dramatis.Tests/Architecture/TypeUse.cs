namespace Dramatis.Tests.Architecture;

/// <summary>A type by the names it has in metadata; one nested in another counts as its outermost owner.</summary>
internal readonly record struct TypeName(string Namespace, string Name)
{
    public override string ToString() => $"{Namespace}.{Name}";
}

/// <summary>A member of a type that uses another type: in its signature, its body, or an attribute on it.</summary>
internal readonly record struct TypeUse(TypeName From, string Member, TypeName To)
{
    public override string ToString() => $"{From}.{Member} uses {To}";
}
