using System.Globalization;
using Dramatis.Pictures;
using static Dramatis.Errors.InvalidRequestException;

namespace Dramatis.Requests;

/// <summary>What each field of a request must keep to by itself. Comparisons with what is no number are false.</summary>
internal static class FieldRules
{
    /// <summary>Checks a record and those in it.</summary>
    /// <param name="path">What stands before the names of its fields, for example <c>subjects[1].</c>.</param>
    public static void CheckAll(object record, string path = "")
    {
        foreach (var field in RequestField.Of(record.GetType()))
        {
            var (name, value) = (path + field.Name, field.Get(record));
            CheckThere(record, field, name, value);
            Check(field, name, value);
            if (value is IReadOnlyList<object> items)
            {
                foreach (var (i, item) in items.Index())
                {
                    ThrowUnless(item is not null, $"{name}[{i}]", "is null; leave it out.");
                    CheckAll(item!, $"{name}[{i}].");
                }
            }
            else if (value is not (null or string or ValueType))
            {
                CheckAll(value, $"{name}.");
            }
        }
    }

    /// <summary>Checks a record, but none in it.</summary>
    public static void Check(object record)
    {
        foreach (var field in RequestField.Of(record.GetType()))
        {
            Check(field, field.Name, field.Get(record));
        }
    }

    private static void CheckThere(object record, RequestField field, string name, object? value) => ThrowUnless(
        value is not null || (!field.IsRequired && MayBeNull(record, field)), name, $"is null; {field.Said.Cure ?? "leave it out"}.");

    // What is null where nothing is said is the model's choice.
    private static bool MayBeNull(object record, RequestField field) =>
        field.Type.IsValueType || record.GetType().GetConstructor([]) is not { } usual || field.Get(usual.Invoke(null)) is null;

    private static void Check(RequestField field, string name, object? value)
    {
        var (least, most) = (field.Said.Least, field.Said.Most);
        switch (value)
        {
            case string text:
                ThrowUnless(!field.IsRequired || !string.IsNullOrWhiteSpace(text), name, $"is empty; {field.Said.Cure}.");
                ThrowUnless(text.Length <= most, name, $"has {text.Length:N0} characters, more than {most:N0}; shorten it.");
                break;
            case IReadOnlyCollection<object> list:
                ThrowUnless(!field.IsRequired || list.Count > 0, name, $"is empty; {field.Said.Cure}.");
                ThrowUnless(list.Count <= most, name, $"{list.Count} are more than {most}.");
                break;
            case PixelSize size:
                ThrowUnless(Holds(size.Width) && Holds(size.Height), name, $"{size} is not between {least} and {most} pixels a side.");
                break;
            case PixelPoint point:
                ThrowUnless(Holds(point.Left) && Holds(point.Top), name, $"[{point.Left}, {point.Top}] is not between {least} and {most} pixels.");
                break;
            case int or long or ulong or double:
                ThrowUnless(Holds(Convert.ToDouble(value, CultureInfo.InvariantCulture)), name, Refusal(field.Said, value));
                break;
        }

        bool Holds(double number) => number >= least && number <= most && !(number <= field.Said.Above)
            && (number < double.PositiveInfinity || !IsOneSided(field.Said));
    }

    private static bool IsOneSided(FieldAttribute said) => double.IsPositiveInfinity(said.Most) && (double.IsFinite(said.Least) || double.IsFinite(said.Above));

    private static string Refusal(FieldAttribute said, object value) =>
        !IsOneSided(said) ? $"{value} is not between {said.Least} and {said.Most}."
        : value is double number && !double.IsFinite(number) ? $"{value} is no number to work with."
        : double.IsFinite(said.Above) ? $"{value} is not above {said.Above}."
        : $"{value} is less than {said.Least}.";
}
