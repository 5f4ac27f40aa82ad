using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Methods.Cones;
using Dramatis.Methods.Cones2;
using Dramatis.Methods.CustomDiffusion;
using Dramatis.Methods.Lora;
using Dramatis.Requests;
using Dramatis.Training.Cones2;
using Dramatis.Training.Subjects;
using Dramatis.Training.TextualInversion;

namespace Dramatis.Cli.Commands;

/// <summary>A method that learns subjects, as the bench drives it: by the commands that users have.</summary>
/// <param name="Name">Of <c>dramatis train</c>.</param>
/// <param name="Use">The subject of a request with what a folder has of it.</param>
internal sealed record LearnedMethod(string Name, Func<Subject, string, Subject> Use)
{
    /// <summary>The file that says by which words a subject is called; null where prompts name its kind.</summary>
    public string? RecordName { get; init; } = SubjectStage.RecordName;

    /// <summary>Whether what it leaves is a model of its own: no place can be told it, and subjects of one picture are learned together.</summary>
    public bool IsModel { get; init; }

    /// <summary>The file of weights that all subjects of a picture share: those of several are merged into one first. Null where each has its own.</summary>
    public string? SharedName { get; init; }

    /// <summary>Every method, one a line.</summary>
    public static IReadOnlyList<LearnedMethod> All { get; } =
    [
        new("cones2", (subject, folder) => subject with { Residual = Path.Combine(folder, Residual.FileName) }) { RecordName = ResidualLearner.RecordFile },
        new("cones", (subject, folder) => subject with { Lora = Path.Combine(folder, ConesFile.FileName) }),
        new("lora", (subject, folder) => subject with { Lora = Path.Combine(folder, LoraWriter.FileName) }),
        new("textual-inversion", (subject, folder) => subject with { Embedding = Path.Combine(folder, TextualInversionLearner.FileName) }) { RecordName = null },
        new("custom-diffusion", WithWord) { SharedName = CustomDiffusionFile.FileName },
        new("dreambooth", (subject, _) => subject) { IsModel = true },
    ];

    /// <exception cref="InvalidRequestException">There is no such method.</exception>
    public static LearnedMethod Find(string name) => All.FirstOrDefault(method => method.Name == name)
        ?? throw new InvalidRequestException("method", $"\"{name}\" is not measured; choose {string.Join(", ", All.Select(method => method.Name))}.");

    /// <exception cref="InvalidRequestException">It knows no places.</exception>
    public void Check(LayoutMode layout)
    {
        if (IsModel && layout != LayoutMode.Whole)
        {
            throw new InvalidRequestException("--layout", $"{Name} cannot be told places; give {LayoutModes.NameOf(LayoutMode.Whole)}.");
        }
    }

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

    // The new word alone is the subject; its kind follows in the prompt.
    private static Subject WithWord(Subject subject, string folder)
    {
        var word = subject.Phrase.Split(' ')[0];
        return subject with { Phrase = word, Embedding = Path.Combine(folder, $"{word}.safetensors") };
    }
}
