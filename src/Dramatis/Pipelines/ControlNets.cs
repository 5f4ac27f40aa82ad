using Dramatis.Networks.ControlNet;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Weights;

namespace Dramatis.Pipelines;

/// <summary>The ControlNets of requests. Keeps those of the last one in memory.</summary>
internal sealed class ControlNets(BaseModel model) : IDisposable
{
    private readonly Dictionary<string, ControlNet> networks = [];

    /// <summary>The controls of a job at work, in its order.</summary>
    /// <exception cref="Errors.ModelNotFoundException">A ControlNet is missing.</exception>
    /// <exception cref="Errors.InvalidCheckpointException">It is of another base model, or none at all.</exception>
    /// <exception cref="Errors.UnreadablePictureException">A picture cannot be read.</exception>
    public IReadOnlyList<ControlRun> Open(PaintingJob job, Action<string, string>? notice)
    {
        var pictures = job.Controls.Select((control, i) => Fit(control, $"controls[{i}].picture")).ToArray();
        foreach (var (path, network) in networks.Where(item => job.Controls.All(control => control.Model != item.Key)).ToArray())
        {
            network.Dispose();
            networks.Remove(path);
        }

        return
        [
            .. job.Controls.Select((control, i) => new ControlRun(
                Load(control.Model, $"controls[{i}].model", notice), ControlRun.ConditionOf(pictures[i], model.Compute), control)),
        ];

        Picture Fit(Control control, string field) => SizedPicture.Fit(control.Picture.Read(field), field, job.Size, notice);
    }

    public void Dispose()
    {
        foreach (var network in networks.Values)
        {
            network.Dispose();
        }
    }

    private ControlNet Load(string path, string field, Action<string, string>? notice)
    {
        if (!networks.TryGetValue(path, out var network))
        {
            network = ModelFolder.LoadControlNet(path, model.UNet.Config, model.Folder.Loading);
            networks.Add(path, network);
            TellOfSettings(path, field, notice);
        }

        return network;
    }

    private static void TellOfSettings(string path, string field, Action<string, string>? notice)
    {
        if (notice is null)
        {
            return;
        }

        foreach (var (file, name) in ModelSettings.In(ModelFolder.ControlNetPart(path).Config(), ControlNetConfig.Known))
        {
            UnreadSettings.TellOfField(field, file, name, notice);
        }
    }
}
