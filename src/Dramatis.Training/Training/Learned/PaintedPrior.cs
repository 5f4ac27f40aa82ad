using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Training.Subjects;
using Dramatis.Weights;

namespace Dramatis.Training.Learned;

/// <summary>Others of a kind, painted by the model itself before it changes and kept in the run's folder.</summary>
internal sealed class PaintedPrior(string output, ulong seed, IProgress<TrainingEvent>? progress)
{
    private const string Folder = "prior";

    public IReadOnlyList<SubjectLesson> Beside(IReadOnlyList<SubjectLesson> lessons, int count, BaseModel model, CancellationToken cancellationToken)
    {
        using var painter = new Painter(model, leaveOpen: true);
        return
        [
            .. lessons.Select(lesson => lesson with
            {
                Others = PriorPictures.Ensure(
                    Path.Combine(output, Folder),
                    new(lesson.OthersText, count, painter.Fingerprint, seed),
                    (prompt, pictureSeed, stop) => painter.Paint(new GenerationRequest { Prompt = prompt, Seed = pictureSeed }, cancellationToken: stop),
                    (done, all) => progress?.Report(new PriorPictureDone(done, all)),
                    cancellationToken),
            }),
        ];
    }
}
