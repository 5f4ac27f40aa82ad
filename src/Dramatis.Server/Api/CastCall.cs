using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dramatis.Methods;
using Dramatis.Methods.Catalog;
using Dramatis.Requests;
using Dramatis.Server.Storage;
using Dramatis.Weights.Catalog;

namespace Dramatis.Server.Api;

/// <summary>Subjects of requests that name one of the cast: <c>"cast": "tom"</c> stands for its pictures, or for what was learned of it.</summary>
internal sealed class CastCall(CastStore cast)
{
    private const string Field = "cast";

    // Until the cast is asked, the name stands where learned files do.
    private const string Mark = "cast:";

    private static readonly string[] Instead = ["references", "reference_masks", "learned"];

    /// <summary>JSON without the field, which no request of the library has.</summary>
    /// <exception cref="RefusedException">It is no text, or stands beside what it stands for.</exception>
    public static string Read(string json)
    {
        if (!json.Contains($"\"{Field}\"", StringComparison.Ordinal))
        {
            return json;
        }

        try
        {
            if (JsonNode.Parse(json) is JsonObject request && request["subjects"] is JsonArray subjects)
            {
                foreach (var (i, item) in subjects.Index())
                {
                    Read(item as JsonObject, $"subjects[{i}]");
                }

                return request.ToJsonString();
            }
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // whoever reads it next says what is wrong with it
        }

        return json;
    }

    /// <summary>The request with its subjects of the cast.</summary>
    /// <exception cref="RefusedException">The owner has no such subject, or two are models of their own.</exception>
    public async Task<GenerationRequest> FillAsync(GenerationRequest request, string owner, CancellationToken cancellationToken)
    {
        var (prompt, model, subjects) = (request.Prompt, request.Model, new List<Subject>());
        foreach (var (i, subject) in request.Subjects.Index())
        {
            if (subject.Learned is not [{ Path: var path }] || !path.StartsWith(Mark, StringComparison.Ordinal))
            {
                subjects.Add(subject);
                continue;
            }

            var name = path[Mark.Length..];
            var member = await cast.FindAsync(owner, name, cancellationToken) ?? throw Refused(i, $"\"{name}\" is none of your cast; GET /v1/cast lists it.");
            var learned = await ChooseAsync(member, request, subject, cancellationToken);
            var phrase = learned is null && !IsSame(subject.Phrase, member.Name) ? subject.Phrase : member.Phrase;
            var marked = learned is null ? phrase : learned.Phrase;
            prompt = Rename(prompt, learned?.Words ?? phrase, marked, [subject.Phrase, member.Name, member.Phrase]);
            if (learned is { Phrase: null })
            {
                model = model == request.Model ? learned.Id : throw Refused(i, $"\"{name}\" was learned into a model of its own, and so was one before it; a picture has one.");
                continue;
            }

            subjects.Add(learned is null
                ? subject with { Phrase = phrase, Learned = [], References = Files(member.PictureIds), ReferenceMasks = Files(member.MaskIds) }
                : subject with { Phrase = learned.Phrase, Learned = [learned.Id] });
        }

        return request with { Prompt = prompt, Model = model, Subjects = subjects };
    }

    private static void Read(JsonObject? subject, string path)
    {
        if (subject?[Field] is not { } named)
        {
            return;
        }

        var name = named is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0
            ? text
            : throw new RefusedException(StatusCodes.Status422UnprocessableEntity, $"{path}.{Field}", "is no name of a subject of the cast.");
        if (Array.Find(Instead, subject.ContainsKey) is { } beside)
        {
            throw new RefusedException(
                StatusCodes.Status422UnprocessableEntity, $"{path}.{beside}", $"stands beside \"{Field}\", which brings its own; leave one out.");
        }

        subject.Remove(Field);
        subject["learned"] = Mark + name;
        subject["phrase"] ??= name;
    }

    // The newest that goes with the model, unless a method is named that looks at pictures.
    private async Task<LearnedRow?> ChooseAsync(CastRow member, GenerationRequest request, Subject subject, CancellationToken cancellationToken)
    {
        var method = MethodCatalog.All.FirstOrDefault(item => item.Name == (subject.Method ?? request.Method));
        var rows = (await cast.LearnedOfAsync([member.Id], cancellationToken))[member.Id].Where(row => row.Model == (request.Model ?? ModelCatalog.Embedded));
        return method is null ? rows.FirstOrDefault()
            : method.Needs == SubjectNeeds.LearnedFile ? rows.FirstOrDefault(row => row.Method == method.Name)
            : null;
    }

    // What the prompt calls it becomes what means it; where that was marked, all of the words or their beginning.
    private static string Rename(string prompt, string words, string? phrase, IReadOnlyList<string> names)
    {
        foreach (var name in names.Prepend(words))
        {
            var text = Regex.Escape(name.Trim());
            var found = Regex.Match(
                prompt, $@"\{{\s*{text}\s*\}}|(?<![\p{{L}}\p{{N}}]){text}(?![\p{{L}}\p{{N}}])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
            if (found.Success)
            {
                var written = found.Value.StartsWith('{') && phrase is not null ? $"{{{phrase}}}{words[phrase.Length..]}" : words;
                return $"{prompt[..found.Index]}{written}{prompt[(found.Index + found.Length)..]}";
            }
        }

        return prompt;
    }

    private static bool IsSame(string a, string b) => a.Trim().Equals(b.Trim(), StringComparison.OrdinalIgnoreCase);

    private static List<Reference> Files(IReadOnlyList<string> blobs) => [.. blobs.Select(Reference.FromFile)];

    private static RefusedException Refused(int subject, string problem) =>
        new(StatusCodes.Status422UnprocessableEntity, $"subjects[{subject}].{Field}", problem);
}
