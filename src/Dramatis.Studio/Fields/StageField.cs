using System.Collections;
using System.Globalization;
using System.Reflection;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Schedules;
using Dramatis.Methods.Catalog;
using Dramatis.Studio.Stages;

namespace Dramatis.Studio.Fields;

/// <summary>A field of a request by its path, as JSON and errors spell it: what is said of it, its value on a stage, and stages with another.</summary>
public sealed class StageField
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Named = new()
    {
        ["sampler"] = SamplerKinds.All,
        ["schedule"] = ScheduleNames.All,
        ["prediction"] = PredictionNames.All,
        ["method"] = [.. MethodCatalog.All.Select(method => method.Name)],
    };

    // Where a name by itself says too little.
    private static readonly Dictionary<string, string> Labels = new()
    {
        ["layout.mode"] = "Layout",
        ["layout.threshold"] = "Sure from",
        ["layout.start_step"] = "Follows from step",
        ["layout.grounding"] = "Names and places",
        ["layout.binding"] = "Words held in boxes",
        ["layout.compat"] = "As published",
        ["vae_tiling"] = "Decode in tiles",
        ["cut_out"] = "Ground of photographs",
        ["mask_feather"] = "Soft edge, pixels",
        ["prompt_weights"] = "Weights in brackets",
        ["long_prompt"] = "Read all of it",
    };

    private readonly RequestField said;
    private readonly Type record;
    private readonly string[] steps;

    private StageField(string path, string[] steps, Type record, RequestField said) =>
        (Path, this.steps, this.record, this.said) = (path, steps, record, said);

    public string Path { get; }

    /// <summary>Without what it is a field of.</summary>
    public string Name => said.Name;

    public string Label => Labels.GetValueOrDefault(Path) ?? Words(said.Name);

    /// <summary>One line for people, or null.</summary>
    public string? Meaning => said.Said.Meaning is { } meaning && said.Said.Usual is { } usual ? $"{meaning} ({usual})" : said.Said.Meaning;

    public Type Type => said.Type;

    public double? Least => double.IsFinite(said.Said.Least) ? said.Said.Least : null;

    public double? Most => double.IsFinite(said.Said.Most) ? said.Said.Most : null;

    /// <summary>What it may be, where it is one of several.</summary>
    public IReadOnlyList<string>? Choices => Type.IsEnum ? [.. Enum.GetNames(Type).Select(RequestField.NameOf)] : Named.GetValueOrDefault(Name);

    /// <summary>Whether it may be left to the model, or to whoever reads it.</summary>
    public bool IsOpen => !said.IsRequired && !said.Type.IsGenericType && Usual(Activator.CreateInstance(record)!) is null;

    /// <summary>What a model chooses; null where it has no say.</summary>
    public object? Usual(GenerationDefaults defaults) => Path == Name ? typeof(GenerationDefaults).GetProperties()
        .FirstOrDefault(property => RequestField.NameOf(property.Name) == Name)?.GetValue(defaults) : null;

    /// <exception cref="ArgumentException">There is no such field: a slip of ours.</exception>
    public static StageField At(string path)
    {
        var steps = path.Split('.');
        var type = typeof(GenerationRequest);
        foreach (var step in steps[..^1])
        {
            type = Find(type, step.Split('[')[0], path).Type;
            type = type.IsGenericType ? type.GetGenericArguments()[0] : type;
        }

        return new(path, steps, type, Find(type, steps[^1], path));
    }

    public object? Value(Stage stage)
    {
        object record = stage.Request;
        foreach (var step in steps[..^1])
        {
            record = Step(record, step);
        }

        return said.Get(record);
    }

    /// <summary>The stage with another value; null is the usual one. One that no longer has what it is a field of stays as it is.</summary>
    public Stage With(Stage stage, object? value)
    {
        if (!IsOf(stage.Request))
        {
            return stage;
        }

        var request = (GenerationRequest)With(stage.Request, 0, value);
        return stage with
        {
            Order = request with { Subjects = [] },
            Actors = [.. stage.Actors.Select((actor, i) => actor with { Subject = request.Subjects[i] })],
        };
    }

    /// <summary>A value as a control of the browser gives it; empty text is the usual value.</summary>
    public object? Parse(string? text) => string.IsNullOrEmpty(text) ? null
        : Type == typeof(string) ? text
        : Type == typeof(bool) ? text is "true" or "True"
        : Type == typeof(int) ? int.TryParse(text, CultureInfo.InvariantCulture, out var whole) ? whole : null
        : Type == typeof(double) ? double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null
        : Type == typeof(ulong) ? ulong.TryParse(text, CultureInfo.InvariantCulture, out var seed) ? seed : null
        : Type.IsEnum ? Enum.GetValues(Type).Cast<object>().FirstOrDefault(choice => RequestField.NameOf(choice.ToString()!) == text)
        : throw new NotSupportedException($"{Path} has a control of its own");

    /// <summary>A value as a control of the browser shows it.</summary>
    public static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        Enum choice => RequestField.NameOf(choice.ToString()),
        PixelSize size => $"{size.Width} x {size.Height}",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    /// <summary>A name of JSON for people.</summary>
    public static string Words(string name) => char.ToUpperInvariant(name[0]) + name[1..].Replace('_', ' ');

    private static RequestField Find(Type record, string name, string path) => RequestField.Of(record).FirstOrDefault(field => field.Name == name)
        ?? throw new ArgumentException($"{path} is no field of a request.");

    private object With(object record, int depth, object? value)
    {
        var copy = record.GetType().GetMethod("<Clone>$", BindingFlags.Instance | BindingFlags.Public)!.Invoke(record, [])!;
        if (depth == steps.Length - 1)
        {
            said.Set(copy, (value ?? Usual(record))!);
            return copy;
        }

        var (name, index) = Split(steps[depth]);
        var inner = Find(record.GetType(), name, Path);
        var changed = With(Step(record, steps[depth]), depth + 1, value);
        inner.Set(copy, index is { } at ? Replaced((IEnumerable)inner.Get(record)!, at, changed) : changed);
        return copy;
    }

    private bool IsOf(object record)
    {
        foreach (var step in steps[..^1])
        {
            var (name, index) = Split(step);
            if (index is { } at && ((IEnumerable)Find(record.GetType(), name, Path).Get(record)!).Cast<object>().Count() <= at)
            {
                return false;
            }

            record = Step(record, step);
        }

        return true;
    }

    private object? Usual(object record) => said.Get(Activator.CreateInstance(record.GetType())!);

    private object Step(object record, string step)
    {
        var (name, index) = Split(step);
        var value = Find(record.GetType(), name, Path).Get(record)!;
        return index is { } at ? ((IEnumerable)value).Cast<object>().ElementAt(at) : value;
    }

    private static (string Name, int? Index) Split(string step) => step.IndexOf('[', StringComparison.Ordinal) is >= 0 and var at
        ? (step[..at], int.Parse(step.AsSpan((at + 1)..^1), CultureInfo.InvariantCulture))
        : (step, null);

    private static Array Replaced(IEnumerable list, int index, object item)
    {
        object[] items = [.. list.Cast<object>()];
        var copy = Array.CreateInstance(item.GetType(), items.Length);
        items[index] = item;
        items.CopyTo(copy, 0);
        return copy;
    }
}
