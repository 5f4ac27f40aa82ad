namespace Dramatis.Requests;

/// <summary>What is to be said of a field of a request, said once: JSON, rules, flags and the tests of the documentation take it from here.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FieldAttribute : Attribute
{
    /// <summary>What to do where a required field is missing or empty.</summary>
    public string? Cure { get; init; }

    /// <summary>What a text names, if it is a path.</summary>
    public FieldPath Path { get; init; }
}

/// <summary>What a text of a request is a path to.</summary>
internal enum FieldPath
{
    None,

    /// <summary>A file, relative to the order that names it.</summary>
    File,

    /// <summary>A model: a name of the catalogue, or a path.</summary>
    Model,
}
