namespace Dramatis.Requests;

/// <summary>
/// What is to be said of a field of a request, said once: JSON, rules, the flags of <c>paint</c> and the tests of the documentation take it from
/// here.
/// </summary>
/// <remarks>It has fields where attributes have properties: those are read without code that is made at the start of every run.</remarks>
/// <param name="meaning">One line for help texts. A field that has one is a flag of <c>paint</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FieldAttribute(string? meaning = null) : Attribute
{
    public string? Meaning => meaning;

    /// <summary>The flag, where it is not the field's own name.</summary>
    public string? Flag;

    public string? ShortFlag;

    /// <summary>What other programs call it, for help texts.</summary>
    public string? Usual;

    /// <summary>Where the help of <c>paint</c> shows it.</summary>
    public FieldGroup Group;

    /// <summary>The least number, or pixels a side.</summary>
    public double Least = double.NegativeInfinity;

    /// <summary>Instead of the least: what every number is above.</summary>
    public double Above = double.NaN;

    /// <summary>The largest number, pixels a side, characters, or items of a list.</summary>
    public double Most = double.PositiveInfinity;

    /// <summary>What to do where a required field is missing or empty.</summary>
    public string? Cure;

    /// <summary>As JSON has it, where that is not the property's own name.</summary>
    public string? Name;

    /// <summary>JSON says it by another field.</summary>
    public bool IsHidden;

    /// <summary>What a text names, if it is a path.</summary>
    public FieldPath Path;
}

/// <summary>What a field is about.</summary>
internal enum FieldGroup
{
    Picture,
    Subjects,
    Sampling,

    /// <summary>Pictures and weights that the picture is made from.</summary>
    Sources,

    /// <summary>How the work is done.</summary>
    Run,
}

/// <summary>What a text of a request is a path to.</summary>
internal enum FieldPath
{
    None,

    /// <summary>A file, relative to the order that names it.</summary>
    File,

    /// <summary>A file that names others.</summary>
    Listing,

    /// <summary>A model: a name of the catalogue, or a path.</summary>
    Model,
}
