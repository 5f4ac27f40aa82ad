using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Methods.Cones;
using Dramatis.Methods.Cones2;
using Dramatis.Methods.Lora;
using Dramatis.Methods.TextualInversion;
using Dramatis.Requests;
using Dramatis.Training.Subjects;

namespace Dramatis.Cli;

/// <summary>A method that learns subjects, as the bench drives it: by the commands that users have.</summary>
/// <param name="Name">Of <c>dramatis train</c>.</param>
/// <param name="RecordName">The file that says by which words a subject is called; null where prompts name its kind.</param>
/// <param name="Use">The subject of a request with what a folder has of it.</param>
internal sealed record LearnedMethod(string Name, string? RecordName, Func<Subject, string, Subject> Use)
{
    /// <summary>Every method whose subjects can be painted together, one a line.</summary>
    public static IReadOnlyList<LearnedMethod> All { get; } =
    [
        new("cones2", ResidualStage.RecordName, (subject, folder) => subject with { Residual = Path.Combine(folder, Residual.FileName) }),
        new("cones", SubjectStage.RecordName, (subject, folder) => subject with { Lora = Path.Combine(folder, ConesFile.FileName) }),
        new("lora", SubjectStage.RecordName, (subject, folder) => subject with { Lora = Path.Combine(folder, LoraWriter.FileName) }),
        new("textual-inversion", null, (subject, folder) => subject with { Embedding = Path.Combine(folder, TextualInversionLearner.FileName) }),
    ];

    /// <exception cref="InvalidRequestException">There is no such method.</exception>
    public static LearnedMethod Find(string name) => All.FirstOrDefault(method => method.Name == name)
        ?? throw new InvalidRequestException("method", $"\"{name}\" is not measured; choose {string.Join(", ", All.Select(method => method.Name))}.");

    /// <summary>What prompts call the subject of a folder.</summary>
    public string PhraseIn(string folder, string kind)
    {
        if (RecordName is null)
        {
            return kind;
        }

        using var record = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, RecordName)));
        return record.RootElement.GetProperty("phrase").GetString()!;
    }
}
