using System.Diagnostics;
using Dramatis.Conditioning;
using Dramatis.Networks.UNet;
using Dramatis.Pictures;
using Dramatis.Schedules;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Benches.Speed;

/// <summary>What some subjects cost at each step, one reference each.</summary>
/// <param name="Seconds">Of a guided step, the median.</param>
/// <param name="Ratio">To a step without subjects of the same round, the median.</param>
/// <param name="Share">Of the step's time, what went into attention to references, the median.</param>
/// <param name="HeldMemory">What a generation keeps for them, in bytes: keys, values and masks, made once.</param>
/// <param name="AddedMemory">By how much they raise the most that the process held, in bytes.</param>
internal sealed record SubjectCost(int Subjects, double Seconds, double Ratio, double Share, long HeldMemory, long AddedMemory);

/// <param name="Adapter">What the adapter's weights take, in bytes; they do not depend on the number of subjects.</param>
internal sealed record SubjectResult(SpeedFamily Family, PixelSize Size, string Method, IReadOnlyList<SubjectCost> Costs, long Adapter);

/// <summary>Measures guided steps with a method, whose weights are of the published size, and as random as the network.</summary>
internal sealed class SubjectBench
{
    /// <summary>Subjects of one picture that are measured.</summary>
    public const int Most = 64;

    private readonly UNet unet;
    private readonly StepContext context;
    private readonly Tensor x;
    private readonly Tensor timesteps;

    private SubjectBench(UNet unet, StepContext context, Tensor x)
    {
        this.unet = unet;
        this.context = context;
        this.x = x;
        timesteps = full(SpeedFamily.Rows, 500.0, device: x.device);
    }

    /// <param name="counts">Numbers of subjects; steps without any are always measured.</param>
    /// <param name="rounds">Times that each number has its step, one after the other; the first of several does not count for time.</param>
    /// <exception cref="OperationCanceledException">Stopped between two layers.</exception>
    public static SubjectResult Run(
        SpeedFamily family,
        PixelSize size,
        BenchedMethod method,
        IReadOnlyList<int> counts,
        int rounds,
        ModelLoading? loading = null,
        CancellationToken cancellationToken = default)
    {
        var compute = (loading ?? new()).Compute;
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var unet = RandomWeights.Build(() => new UNet(family.UNet), loading, cancellationToken);
        using var adapter = method.Load(family, unet, build => RandomWeights.Build(build, loading, cancellationToken));
        var latents = family.Latents(size);
        var bench = new SubjectBench(
            unet,
            SpeedBench.Context(family, compute) with { Stop = cancellationToken },
            randn(SpeedFamily.Rows, family.UNet.InChannels, latents.Height, latents.Width).To(compute));
        List<TimedSession> sessions = [.. counts.Prepend(0).Distinct().Order()
            .Select(count => new TimedSession(count, Open(adapter, count, compute), compute.Device))];
        try
        {
            var peaks = sessions.ConvertAll(bench.Peak);
            List<StepTime[]> times = [.. Enumerable.Range(0, Math.Max(1, rounds - 1)).Select(_ => sessions.Select(bench.Time).ToArray())];
            return new(family, size, method.Name, [.. sessions.Select((session, i) =>
                Cost(session, [.. times.Select(round => (round[i], round[0]))], peaks[i] - peaks[0]))], SpeedBench.Bytes(adapter.Weights));
        }
        finally
        {
            sessions.ForEach(session => session.Dispose());
        }
    }

    private static ConditioningSession Open(BenchedAdapter adapter, int count, Compute compute) =>
        count == 0 ? ConditioningSession.None : adapter.Open(count, compute);

    private static SubjectCost Cost(TimedSession session, IReadOnlyList<(StepTime Own, StepTime Without)> times, long added) => new(
        session.Subjects,
        CallSpeed.Median(times.Select(time => time.Own.Step)),
        CallSpeed.Median(times.Select(time => time.Own.Step / time.Without.Step)),
        CallSpeed.Median(times.Select(time => time.Own.Branches / time.Own.Step)),
        session.HeldMemory,
        added);

    // The first step of a session, which makes its masks.
    private long Peak(TimedSession session)
    {
        SpareMemory.GiveBack();
        PeakMemory.Reset();
        Time(session);
        return PeakMemory.Bytes;
    }

    private StepTime Time(TimedSession session)
    {
        session.Branches = TimeSpan.Zero;
        var start = Stopwatch.GetTimestamp();
        var text = session.TextAt(context.Step, context.Text);
        unet.forward(x, timesteps, context with { Session = session, Text = text, TextKeys = session.Keys }).Dispose();
        Devices.Await(x.device);
        return new(Stopwatch.GetElapsedTime(start).TotalSeconds, session.Branches.TotalSeconds);
    }

    private readonly record struct StepTime(double Step, double Branches);

    // Adds up what the branches of a session take.
    private sealed class TimedSession(int subjects, ConditioningSession inner, Device device) : ConditioningSession
    {
        public int Subjects => subjects;

        public TimeSpan Branches { get; set; }

        /// <summary>Keys and values of its text, made once.</summary>
        public TextKeys Keys { get; } = new();

        public long HeldMemory => inner.Owned.Sum(tensor => tensor.numel() * tensor.element_size());

        public override Tensor TextAt(StepInfo step, Tensor text) => inner.TextAt(step, text);

        public override Tensor? InputAt(StepInfo step) => inner.InputAt(step);

        public override AttentionBranch? BranchAt(AttentionCall call) => inner.BranchAt(call) is not { } branch ? null : query =>
        {
            Devices.Await(device);
            var start = Stopwatch.GetTimestamp();
            var added = branch(query);
            Devices.Await(device);
            Branches += Stopwatch.GetElapsedTime(start);
            return added;
        };

        public override void Dispose()
        {
            inner.Dispose();
            Keys.Dispose();
            base.Dispose();
        }
    }
}
