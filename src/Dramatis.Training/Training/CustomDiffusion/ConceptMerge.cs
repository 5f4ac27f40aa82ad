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
    /// <exception cref="DramatisException">A file is missing or damaged, or the subjects cannot be merged; nothing was written.</exception>
    public static void Run(MergeRequest request)
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
            using var merged = CustomDiffusionMerge.Merge(model, concepts, captions);
            new ModelWriter(request.Output).Text("", SubjectStage.RecordName, ConfigWriter.Write(
                ("method", Method),
                ("phrase", string.Join(", ", concepts.Select(concept => concept.Words))),
                ("model", model.Fingerprint),
                ("merged", concepts.Count)));
            CustomDiffusionFile.Write(request.Output, merged.Changes.OfType<NewValues>(), merged.Changes.OfType<NewWord>());
        }
        finally
        {
            concepts.ForEach(concept => concept.Patch.Dispose());
        }
    }
}
