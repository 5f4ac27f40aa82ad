using Dramatis.Pictures;
using Dramatis.Training.Preparation.Onnx;

namespace Dramatis.Training.Preparation;

/// <summary>Finds the things that phrases name in a picture, with their masks.</summary>
internal sealed class SubjectFinder(PhraseDetector detector, BoxSegmenter segmenter, PreparationFilters filters)
{
    /// <summary>The things that pass the filters.</summary>
    /// <param name="most">Of one phrase, the surest first.</param>
    public FoundSubjects Find(Picture picture, IReadOnlyList<string> phrases, int most)
    {
        var detections = detector.Find(picture, phrases).ToLookup(detection => detection.Phrase);
        var look = new Lazy<Func<Requests.Box, SubjectMask>>(() => segmenter.Look(picture));
        var found = new List<FoundSubject>();
        var refused = new List<string>();
        foreach (var phrase in phrases)
        {
            var before = found.Count;
            string? first = null;
            foreach (var detection in detections[phrase])
            {
                if (found.Count - before == most)
                {
                    break;
                }

                if (!found[before..].Exists(other => other.IsAt(detection.Place)))
                {
                    first ??= Take(detection);
                }
            }

            if (found.Count == before)
            {
                refused.Add($"{phrase} ({first ?? "not looked for: too many phrases"})");
            }
        }

        return new(found, refused);

        string? Take(Detection detection)
        {
            var refusal = filters.Refuse(detection, picture.Size);
            if (refusal is null)
            {
                var mask = look.Value(detection.Place);
                var subject = new FoundSubject(detection.Phrase, detection.Place, detection.Score, mask);
                refusal = filters.Refuse(mask, subject.Pixels);
                if (refusal is null)
                {
                    found.Add(subject);
                }
            }

            return refusal;
        }
    }
}

/// <param name="Refused">The phrases without a subject, each with what was wrong with the surest detection.</param>
internal sealed record FoundSubjects(IReadOnlyList<FoundSubject> Subjects, IReadOnlyList<string> Refused);
