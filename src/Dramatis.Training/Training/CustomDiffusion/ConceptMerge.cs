using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Methods.CustomDiffusion;
using Dramatis.Training.Subjects;
using Dramatis.Weights;

namespace Dramatis.Training.CustomDiffusion;

/// <summary>Makes one Custom Diffusion of subjects that were learned one by one, in closed form: seconds, and nothing is trained.</summary>
internal static class ConceptMerge
{
    internal const string Method = "custom-diffusion";

    /// <summary>Reads what was learned, merges it, and writes a file of weights, the words' files and a record.</summary>
    /// <returns>A sentence for each subject that is called otherwise than it was learned, without having been told.</returns>
    /// <exception cref="DramatisException">A file is missing or damaged, or the subjects cannot be merged; nothing was written.</exception>
    public static IReadOnlyList<string> Run(MergeRequest request)
    {
        foreach (var (i, subject) in request.Subjects.Index())
        {
            InvalidRequestException.ThrowUnless(
                subject.Word is null || !string.IsNullOrWhiteSpace(subject.Word), $"subjects[{i}].word", "is empty; give a word that no prompt has yet.");
        }

        var captions = ConceptFiles.ReadCaptions(request.Captions);
        using var model = BaseModel.Load(request.Model);
        var concepts = new List<LearnedConcept>();
        try
        {
            concepts.AddRange(request.Subjects.Select(subject => ConceptFiles.Read(subject.File, model, subject.Kind, subject.Word)));
            var notices = Renumber(concepts, request.Subjects);
            using var merged = CustomDiffusionMerge.Merge(model, concepts, captions);
            new ModelWriter(request.Output).Text("", SubjectStage.RecordName, ConfigWriter.Write(
                ("method", Method),
                ("phrase", string.Join(", ", concepts.Select(concept => concept.Words))),
                ("model", model.Fingerprint),
                ("merged", concepts.Count)));
            CustomDiffusionFile.Write(request.Output, merged.Changes.OfType<NewValues>(), merged.Changes.OfType<NewWord>());
            return notices;
        }
        finally
        {
            concepts.ForEach(concept => concept.Patch.Dispose());
        }
    }

    // Each learned alone, all have the usual word. Those that were given none get the next that is free, as the original does.
    private static List<string> Renumber(List<LearnedConcept> concepts, IReadOnlyList<MergeSubject> subjects)
    {
        var notices = new List<string>();
        for (var i = 0; i < concepts.Count; i++)
        {
            var others = concepts.Where((_, other) => other != i).SelectMany(concept => concept.Patch.Words);
            var before = concepts.Where((_, other) => other < i || (other > i && subjects[other].Word is not null)).SelectMany(concept => concept.Patch.Words);
            if (subjects[i].Word is null && concepts[i].Patch.Words is [var word] && before.Contains(word, StringComparer.Ordinal))
            {
                var free = Enumerable.Range(1, concepts.Count).Select(number => $"<new{number}>").Except(others, StringComparer.Ordinal).First();
                concepts[i] = concepts[i].Called(free);
                notices.Add($"the {subjects[i].Kind} of {subjects[i].File} was learned as {word}, as another was; from now on it is {free}.");
            }
        }

        return notices;
    }
}
