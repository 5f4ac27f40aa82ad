using Dramatis.Errors;
using Dramatis.Requests;
using Dramatis.Training.Subjects;
using static Dramatis.Errors.InvalidRequestException;

namespace Dramatis.Training.Learned;

/// <summary>What a request to learn must keep to, before pictures and model are looked at.</summary>
internal static class LearnRules
{
    // Previews are worth a quarter of the way each.
    private const int Evaluations = 4;

    /// <returns>How it is trained.</returns>
    /// <exception cref="InvalidRequestException">Something makes no sense, alone or with the method.</exception>
    public static TrainerOptions Check(LearnRequest request)
    {
        var method = LearnedMethods.Find(request.Method);
        ThrowUnless(!string.IsNullOrEmpty(request.Output), "output", "is missing; name a folder for the run.");
        ThrowUnless(
            request.Settings is null || request.Settings.GetType() == method.SettingsType,
            "settings", $"are {request.Settings?.GetType().Name}, but {method.Name} takes {method.SettingsType.Name}.");
        FieldRules.CheckAll(request);
        CheckPrior(request, method);
        CheckSubjects(request.Subjects, method);
        CheckWords(request.Subjects, method);
        return TrainerOf(request, method);
    }

    /// <summary>What a subject is called: by its own word, or the method's usual one. Empty for methods that have none.</summary>
    public static string WordOf(LearnSubject subject, int index, LearnedMethod method) =>
        subject.Word ?? method.UsualWord(index, subject.Kind) ?? "";

    // One worker, no running average, a constant rate: as the published scripts train.
    private static TrainerOptions TrainerOf(LearnRequest request, LearnedMethod method)
    {
        var steps = request.Steps ?? method.Usual.Steps;
        return method.Trained(new()
        {
            Steps = steps,
            Batch = request.Batch ?? method.Usual.Batch,
            Workers = 1,
            LearningRate = request.LearningRate ?? method.Usual.LearningRate,
            EmaDecay = 0,
            EvaluateEvery = request.EvaluateEvery ?? Math.Max(1, steps / Evaluations),
        });
    }

    private static void CheckPrior(LearnRequest request, LearnedMethod method)
    {
        var takesPrior = method.Usual.Prior is not null;
        ThrowUnless(takesPrior || request.Prior is null, "prior", $"is nothing that {method.Name} learns from; leave it out.");
        ThrowUnless(takesPrior || request.PriorWeight is null, "prior_weight", $"is nothing that {method.Name} learns by; leave it out.");
    }

    private static void CheckSubjects(IReadOnlyList<LearnSubject> subjects, LearnedMethod method)
    {
        ThrowUnless(
            method.LearnsSeveral || subjects.Count == 1, "subjects", $"are {subjects.Count}, but {method.Name} learns one at a time; learn each by itself.");
        foreach (var (i, subject) in subjects.Index())
        {
            ThrowUnless(
                subject.ReferenceMasks.Count == 0 || subject.ReferenceMasks.Count == subject.References.Count,
                $"subjects[{i}].reference_masks",
                $"has {subject.ReferenceMasks.Count} masks for {subject.References.Count} references; give one for each, or none.");
            ThrowUnless(
                method.InitializerHelp is not null || subject.Initializer is null,
                $"subjects[{i}].initializer", $"is nothing that {method.Name} begins with; leave it out.");
        }
    }

    private static void CheckWords(IReadOnlyList<LearnSubject> subjects, LearnedMethod method)
    {
        var words = subjects.Select((subject, i) => WordOf(subject, i, method)).ToArray();
        foreach (var (i, subject) in subjects.Index())
        {
            var field = $"subjects[{i}].word";
            if (method.WordHelp is null)
            {
                ThrowUnless(subject.Word is null, field, $"is nothing that {method.Name} learns: prompts name the kind; leave it out.");
                continue;
            }

            ThrowUnless(subject.Word is not null || words[i].Length > 0, field, "is missing; give each subject a word of its own.");
            ThrowUnless(!string.IsNullOrWhiteSpace(words[i]), field, "is empty; give a word that no prompt has yet.");
            ThrowUnless(Array.IndexOf(words, words[i]) == i, field, "names two subjects alike; give each a word of its own.");
        }
    }
}
