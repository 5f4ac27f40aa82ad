using System.Security.Cryptography;
using System.Text;
using Dramatis.Configs;
using Dramatis.Errors;

namespace Dramatis.Training.Preparation.Onnx;

/// <summary>What a JSON file beside a model says of it: <c>detector.json</c> of <c>detector.onnx</c>. Without one all is as usual.</summary>
internal sealed class OnnxSettings
{
    private const string InputsField = "inputs";
    private const string OutputsField = "outputs";

    private readonly string text;

    private OnnxSettings(string text, string path)
    {
        this.text = text;
        Config = ConfigReader.Parse(text, path);
    }

    public ConfigReader Config { get; }

    /// <exception cref="ModelNotFoundException">It cannot be read.</exception>
    /// <exception cref="InvalidConfigException">It is no JSON object, or has fields that nobody reads.</exception>
    public static OnnxSettings Beside(string model, params IReadOnlyList<string> fields)
    {
        var path = Path.ChangeExtension(model, ".json");
        var settings = new OnnxSettings(File.Exists(path) ? ConfigReader.ReadText(path) : "{}", path);
        settings.Config.RequireKnown([InputsField, OutputsField, .. fields]);
        return settings;
    }

    /// <summary>A file that is named relative to the settings.</summary>
    public string PathOf(string name) => Path.Combine(Path.GetDirectoryName(Config.Path)!, name);

    public string Fingerprint() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public OnnxNames Inputs(OnnxModel model) => new(this, model, InputsField, model.Inputs);

    public OnnxNames Outputs(OnnxModel model) => new(this, model, OutputsField, model.Outputs);

    /// <summary>Refuses inputs that two models share and neither knows.</summary>
    public void RequireKnown(IReadOnlyList<string> inputs, IReadOnlyList<string> outputs)
    {
        Config.Section(InputsField)?.RequireKnown(inputs);
        Config.Section(OutputsField)?.RequireKnown(outputs);
    }
}

/// <summary>How a model calls its inputs, or its outputs.</summary>
internal sealed class OnnxNames(OnnxSettings settings, OnnxModel model, string field, IReadOnlyList<string> has)
{
    private readonly ConfigReader? named = settings.Config.Section(field);

    /// <summary>The name of what must be there: the one that is given, else the usual one, else the only one.</summary>
    /// <exception cref="InvalidConfigException">The model has it not; the message lists those it has.</exception>
    public string Of(string role, string usual)
    {
        var name = named?.Has(role) == true ? named.Text(role) : has.Count == 1 ? has[0] : usual;
        return has.Contains(name) ? name : throw Missing(role, name);
    }

    /// <summary>The name of what may be there, null when it is not.</summary>
    /// <exception cref="InvalidConfigException">It is given, and the model has it not.</exception>
    public string? Optional(string role, string usual) => named?.Has(role) == true ? Of(role, usual) : has.Contains(usual) ? usual : null;

    /// <summary>Refuses a model with something that no role stands for.</summary>
    public void RequireAll(IEnumerable<string> known, IEnumerable<string> roles)
    {
        if (has.Except(known).FirstOrDefault() is { } rest)
        {
            throw new InvalidConfigException(
                settings.Config.Path, $"nothing is known of '{rest}', which is among the {field} of {model.Path}: {List()}. Say in \"{field}\" what it is: "
                    + $"{string.Join(", ", roles)}.");
        }
    }

    private InvalidConfigException Missing(string role, string name) => new(
        settings.Config.Path, $"\"{field}.{role}\" is '{name}', which {model.Path} has not; its {field} are {List()}.");

    private string List() => string.Join(", ", has);
}
