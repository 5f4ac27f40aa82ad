using System.Globalization;
using System.Text;
using System.Text.Json;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Weights.Catalog;

namespace Dramatis.Studio.Export;

/// <summary>A request as other ways to paint take it. Pictures are named as their subjects, for whoever saves them beside it.</summary>
public static class RequestTexts
{
    private const string Embedded = $"models/{ModelCatalog.Embedded}";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For this service, whose pictures have ids.</summary>
    /// <param name="address">Of the service.</param>
    public static string Curl(GenerationRequest request, string address) =>
        $"curl \"{address.TrimEnd('/')}/v1/pictures?wait=60\" -d {Quoted(RequestJson.Write(request))}";

    /// <summary>An order file with its pictures inside.</summary>
    /// <param name="bytes">Of a picture by its id; null for one that is gone.</param>
    public static async Task<string> OrderAsync(GenerationRequest request, Func<string, Task<byte[]?>> bytes)
    {
        var inside = new Dictionary<string, Reference>();
        foreach (var (field, picture) in request.Pictures)
        {
            inside[field] = picture.Path is { } id && await bytes(id) is { } file ? Reference.FromBytes(file) : picture;
        }

        return Indented(RequestJson.Write(PictureSwap.In(request, (field, _) => inside[field])));
    }

    /// <summary>A call of the command line.</summary>
    public static string CommandLine(GenerationRequest request)
    {
        var named = Named(request);
        var text = new StringBuilder($"dramatis paint {Quoted(named.Prompt)}");
        foreach (var subject in named.Subjects)
        {
            text.Append(CultureInfo.InvariantCulture, $" -s {Quoted(SubjectOf(subject))}");
        }

        foreach (var field in RequestField.Of(typeof(GenerationRequest)).Where(field => field.Said.Meaning is not null && field.Name != "subjects"))
        {
            foreach (var value in ValuesOf(field, named))
            {
                text.Append(CultureInfo.InvariantCulture, $" {field.Said.Flag ?? $"--{field.Name.Replace('_', '-')}"}{value}");
            }
        }

        return text.Append(" -o out.png").ToString();
    }

    /// <summary>A few lines of C#.</summary>
    public static string CSharp(GenerationRequest request) => $$""""
        var request = RequestJson.Parse("""
        {{Indented(RequestJson.Write(Named(request) with { Model = request.Model == ModelCatalog.Embedded ? null : request.Model }))}}
        """, folder: ".");
        using var generator = ImageGenerator.Open("{{Embedded}}"{{(HasNames(request) ? $", new() {{ Catalog = new ModelCatalog(\"{Embedded}\") }}" : "")}});
        var pictures = await generator.PaintAsync(request);
        File.WriteAllBytes("out.png", pictures[0].Png);
        """";

    // Of models, LoRAs and ControlNets, which only a catalogue knows.
    private static bool HasNames(GenerationRequest request) =>
        request.Model is not (null or ModelCatalog.Embedded) || request.Loras.Count + request.Controls.Count > 0;

    // What files are called: as the subject, with a number where there are several.
    private static GenerationRequest Named(GenerationRequest request) => PictureSwap.In(request, (field, picture) =>
        field.StartsWith("subjects[", StringComparison.Ordinal) ? Reference.FromFile($"{NameOf(request, field)}.png") : Reference.FromFile($"{Plain(field)}.png"));

    private static string NameOf(GenerationRequest request, string field)
    {
        var parts = field.Split('[', ']');
        var subject = request.Subjects[int.Parse(parts[1], CultureInfo.InvariantCulture)];
        var number = parts.Length > 3 ? int.Parse(parts[3], CultureInfo.InvariantCulture) + 1 : 0;
        var kind = parts[2] switch { ".references" => "", ".reference_masks" => ".mask", _ => ".place" };
        return Plain(subject.Phrase) + (number > 0 && subject.References.Count > 1 ? $"-{number}" : "") + kind;
    }

    private static string SubjectOf(Subject subject)
    {
        var pictures = subject.References.Select(picture => picture.Path).Concat(subject.Learned.Select(file => $"learned:{file.Path}"));
        var place = subject.Place is { } box ? $"@{string.Join(',', new[] { box.Left, box.Top, box.Right, box.Bottom }.Select(Number))}" : "";
        return $"{subject.Phrase}={string.Join(',', pictures)}{place}{(subject.Strength == 1 ? "" : $"*{Number(subject.Strength)}")}";
    }

    private static IEnumerable<string> ValuesOf(RequestField field, GenerationRequest request)
    {
        var (value, usual) = (field.Get(request), field.Get(new GenerationRequest { Prompt = "" }));
        return Equals(value, usual) ? [] : value switch
        {
            true => [""],
            bool => [" false"],
            PixelSize size => [$" {size.Width}x{size.Height}"],
            StepWindow window => [$" {Number(window.Start)} {Number(window.End)}"],
            Reference picture => [$" {picture.Path}"],
            IReadOnlyList<Reference> pictures => pictures.Select(picture => $" {picture.Path}"),
            IReadOnlyList<Lora> loras => loras.Select(lora => $" {Quoted($"{lora.File}*{Number(lora.Scale)}")}"),
            IReadOnlyList<Control> controls => controls.Select(control =>
                $" {Quoted($"{control.Model}={control.Picture.Path}@{Number(control.Scale)},{Number(control.Start)},{Number(control.End)}")}"),
            Enum choice => [$" {RequestField.NameOf(choice.ToString())}"],
            string text => [$" {Quoted(text)}"],
            IFormattable number => [$" {number.ToString(null, CultureInfo.InvariantCulture)}"],
            _ => [],
        };
    }

    private static string Plain(string text) => string.Concat(text.Trim().ToLowerInvariant().Select(letter => char.IsLetterOrDigit(letter) ? letter : '-')).Trim('-');

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Indented(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement, Readable);
    }
}
