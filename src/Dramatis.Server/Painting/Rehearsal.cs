using System.Runtime.CompilerServices;
using System.Text;
using System.IO.Hashing;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Training;
using Dramatis.Training.Learned;
using Dramatis.Training.Subjects;

namespace Dramatis.Server.Painting;

/// <summary>Paints and learns nothing: a plain picture for each, of a colour that prompt and seed decide. For trying out clients and the queue.</summary>
internal sealed class Rehearsal : IPainting
{
    private const int Side = 8;

    public Task WarmUpAsync() => Task.CompletedTask;

    public async IAsyncEnumerable<GenerationEvent> PaintAsync(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new ModelReady(request.Model ?? "toybox", "rehearsal", 0);
        var steps = request.Steps ?? 1;
        for (var picture = 0; picture < request.Count; picture++)
        {
            for (var step = 1; step <= steps; step++)
            {
                // Many steps are a way to ask for time: one takes a hundredth of a second, the only one none.
                await Task.Delay(steps == 1 ? 0 : 10, cancellationToken);
                yield return new StepDone(picture, step, steps);
            }

            var seed = (request.Seed ?? 0) + (ulong)picture;
            yield return new PictureDone(picture, seed, Plain(request.Prompt, seed));
        }
    }

    public async IAsyncEnumerable<TrainingEvent> LearnAsync(LearnRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var steps = request.Steps ?? LearnedMethods.Find(request.Method).Usual.Steps;
        yield return new TrainingStarted(0, steps, Resumed: false);
        for (var step = 1L; step <= steps; step++)
        {
            await Task.Delay(steps == 1 ? 0 : 10, cancellationToken);
            yield return new TrainingStepDone(step, steps, 1.0 / step, 1.0 / step, request.LearningRate ?? 1e-4, 100, (steps - step) * .01);
        }

        var folder = Path.Combine(request.Output, Trainer.ModelFolder);
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, LearnedMethods.Find(request.Method).FileName), "rehearsal", cancellationToken);
        yield return new TrainingFinished(steps, steps, folder);
    }

    public void Dispose()
    {
    }

    private static byte[] Plain(string prompt, ulong seed)
    {
        var hash = Crc32.Hash(Encoding.UTF8.GetBytes($"{prompt} {seed}"));
        return PictureWriter.EncodePng(Picture.Filled(Side, Side, new(hash[0], hash[1], hash[2])));
    }
}
