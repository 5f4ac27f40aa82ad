using System.Reflection;
using System.Runtime.CompilerServices;

namespace Dramatis.Requests;

/// <summary>A field of one of a request's records.</summary>
internal sealed class RequestField(PropertyInfo member, FieldAttribute said)
{
    private static readonly FieldAttribute Nothing = new();

    /// <summary>As JSON has it.</summary>
    public string Name { get; } = said.Name ?? NameOf(member.Name);

    /// <summary>What its values are; whether it may be null is another question.</summary>
    public Type Type { get; } = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;

    public FieldAttribute Said => said;

    public bool IsRequired => member.IsDefined(typeof(RequiredMemberAttribute), inherit: false);

    /// <summary>The fields of a record, in its order; none for what is no record.</summary>
    public static IEnumerable<RequestField> Of(Type record)
    {
        foreach (var member in record.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        {
            if (member.CanWrite && SaidOf(member) is { IsHidden: false } said)
            {
                yield return new(member, said);
            }
        }
    }

    /// <summary>A property's name as JSON has it.</summary>
    public static string NameOf(string property) => string.Concat(property.Select((letter, i) => char.IsUpper(letter)
        ? (i > 0 ? "_" : "") + char.ToLowerInvariant(letter)
        : letter.ToString()));

    public object? Get(object record) => member.GetValue(record);

    public void Set(object record, object value) => member.SetValue(record, value);

    // By the way that is quick the first time.
    private static FieldAttribute SaidOf(PropertyInfo member) => member.GetCustomAttributes(typeof(FieldAttribute), inherit: false) is [FieldAttribute said]
        ? said
        : Nothing;
}
