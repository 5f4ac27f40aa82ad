using Dramatis.Tensors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training;

/// <summary>The settings of <see cref="AdamW"/>.</summary>
internal sealed record AdamWOptions
{
    public double Beta1 { get; init; } = .9;

    public double Beta2 { get; init; } = .999;

    public double Epsilon { get; init; } = 1e-8;

    public double WeightDecay { get; init; } = .01;

    /// <summary>Whether steps are divided by how large gradients usually are; otherwise large gradients make large steps.</summary>
    public bool Normalises { get; init; } = true;

    /// <summary>A factor on the learning rate of a weight, by its name: for parts of a network that learn slower.</summary>
    public Func<string, double> RateOf { get; init; } = _ => 1;

    /// <summary>Weights with rows and columns, by name, that <see cref="Muon"/> moves.</summary>
    /// <remarks>For what maps states to states; not for tables, whose rows are learned one by one, nor for the first and the last layer of a network.</remarks>
    public Func<string, bool> Orthogonal { get; init; } = _ => false;

    /// <summary>Plain gradient descent.</summary>
    public static AdamWOptions Descent { get; } = new() { Beta1 = 0, Epsilon = 1, WeightDecay = 0, Normalises = false };
}

/// <summary>AdamW, or for some weights <see cref="Muon"/>, for the weights of a network that want gradients, with a running average of them.</summary>
/// <remarks>
/// All of it is one pass over memory; the library's own optimiser needs a dozen, three to six times the time. Weights are cut into
/// pieces of one size whatever the number of threads, so that results do not depend on it. On other devices than the processor see
/// <see cref="AdamWJoined"/>.
/// </remarks>
internal sealed class AdamW : IDisposable
{
    private const int Piece = 1 << 16;

    private readonly AdamWOptions options;
    private readonly Slot[] matrices;
    private readonly Slot[] slots;    // those of the matrices first
    private readonly (int Slot, int Start, int Count)[] pieces;
    private readonly int matrixPieces;
    private readonly double[] squares;
    private readonly AdamWJoined? joined;
    private readonly MuonJoined[] joinedMatrices = [];

    /// <param name="joins">Whether all weights move at once, a call at a time; null where they are not on the processor.</param>
    public AdamW(Module network, AdamWOptions options, bool? joins = null)
    {
        this.options = options;
        var learned = network.named_parameters().Where(item => item.parameter.requires_grad)
            .ToLookup(item => item.parameter.dim() > 1 && options.Orthogonal(item.name), item => (Name: item.name, Weight: item.parameter, Rate: options.RateOf(item.name)));
        var ordered = learned[true].OrderByDescending(item => Muon.Cost(item.Weight)).ToArray();
        var others = learned[false].ToArray();
        if (joins ?? network.parameters().Any(weight => weight.device_type != DeviceType.CPU))
        {
            joined = new([.. others.Select(item => (item.Weight, item.Rate))]);
            var alike = ordered.GroupBy(item => (string.Join('x', item.Weight.shape), item.Rate)).Select(group => group.ToArray()).ToArray();
            joinedMatrices = [.. alike.Select(group => new MuonJoined([.. group.Select(item => item.Weight)], group[0].Rate))];
            matrices = [.. alike.Zip(joinedMatrices).SelectMany(pair => pair.First.Select((item, index) =>
                new Slot(item.Name, item.Weight, pair.Second.PartsOf(index), hasSquare: false) { Rate = item.Rate }))];
        }
        else
        {
            matrices = [.. ordered.Select(item => new Slot(item.Name, item.Weight, null, hasSquare: false) { Rate = item.Rate })];
        }

        slots = [.. matrices, .. others.Select((item, index) => new Slot(item.Name, item.Weight, joined?.PartsOf(index)) { Rate = item.Rate })];
        pieces = [.. slots.SelectMany((slot, index) => Enumerable
            .Range(0, (int)((slot.Count + Piece - 1) / Piece))
            .Select(i => (index, i * Piece, (int)Math.Min(Piece, slot.Count - ((long)i * Piece)))))];
        matrixPieces = pieces.Count(piece => piece.Slot < matrices.Length);
        squares = new double[pieces.Length];
    }

    /// <summary>Steps done so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Moves all weights along their gradients, which it empties.</summary>
    /// <returns>How long the gradients were.</returns>
    internal double Step(WorkerTeam team, int workers, AdamWStep step)
    {
        Steps++;
        if (joined is not null)
        {
            var length = joined.Norm(joinedMatrices.Select(group => group.Gradient));
            var factor = Clip(step, length);
            Array.ForEach(joinedMatrices, group => group.Apply(step, factor, options.WeightDecay));
            joined.Apply(KernelOf(step, step.Rate, factor), step.Rate * options.WeightDecay);
            return length;
        }

        team.Run(worker => ForPieces(0, worker, workers, (slot, start, count, piece) =>
            squares[piece] = SquareSum(slot, start, count)));
        var norm = Math.Sqrt(squares.Sum());

        var clip = Clip(step, norm);
        team.Run(worker =>
        {
            Orthogonalise(worker, workers, step, clip);
            ForPieces(matrixPieces, worker, workers, (slot, start, count, _) => Apply(KernelOf(step, step.Rate * slot.Rate, clip), slot, start, count));
        });
        return norm;
    }

    /// <summary>Puts the gradients of one part of a step aside; after the last part they are the sum of all.</summary>
    internal void Gather(bool isLast)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();    // operations in place return further handles
        foreach (var slot in slots)
        {
            slot.Gather(isLast);
        }
    }

    /// <summary>Exchanges the weights and their running average: once to judge the average, once more to go on.</summary>
    public void ExchangeAverage()
    {
        foreach (var slot in slots)
        {
            TensorSwap.Exchange(slot.Weight, slot.Average);
        }
    }

    /// <summary>All that a checkpoint needs to go on: weights and what the optimiser remembers of each.</summary>
    public IReadOnlyDictionary<string, Tensor> State() => slots
        .SelectMany(slot => new (string Name, Tensor? Values)[]
        {
            ($"weight.{slot.Name}", slot.Weight),
            ($"mean.{slot.Name}", slot.Mean),
            ($"square.{slot.Name}", slot.Square),
            ($"average.{slot.Name}", slot.Average),
        })
        .Where(item => item.Values is not null)
        .ToDictionary(item => item.Name, item => item.Values!);

    /// <summary>Says that the tensors of <see cref="State"/> were overwritten with those of a run that had done so many steps.</summary>
    public void Restore(long steps) => Steps = steps;

    public void Dispose()
    {
        Array.ForEach(slots, slot => slot.Dispose());
        joined?.Dispose();
        Array.ForEach(joinedMatrices, group => group.Dispose());
    }

    private static float Clip(AdamWStep step, double norm) => (float)Math.Min(1, step.ClipNorm / (norm + 1e-6));

    private AdamWKernel KernelOf(AdamWStep step, double rate, float clip) => new()
    {
        Rate = (float)(rate / (1 - Math.Pow(options.Beta1, Steps))),
        Decay = (float)(1 - (rate * options.WeightDecay)),
        Deviation = options.Normalises ? (float)Math.Sqrt(1 - Math.Pow(options.Beta2, Steps)) : float.PositiveInfinity,
        Clip = clip,
        Beta1 = (float)options.Beta1,
        Beta2 = (float)options.Beta2,
        Epsilon = (float)options.Epsilon,
        Follow = (float)step.Follow,
    };

    private static unsafe double SquareSum(Slot slot, int start, int count) =>
        AdamWKernel.SquareSum(TensorPointer.Floats(slot.Gradient) + start, count);

    private static unsafe void Apply(AdamWKernel kernel, Slot slot, int start, int count) => kernel.Apply(
        TensorPointer.Floats(slot.Weight) + start,
        TensorPointer.Floats(slot.Gradient) + start,
        TensorPointer.Floats(slot.Mean) + start,
        TensorPointer.Floats(slot.Square!) + start,
        TensorPointer.Floats(slot.Average) + start,
        count);

    // The dearest come first, so that workers are done at about the same time.
    private void Orthogonalise(int worker, int workers, AdamWStep step, float clip)
    {
        using var off = no_grad();
        for (var i = worker; i < matrices.Length; i += workers)
        {
            using var scope = NewDisposeScope();
            var slot = matrices[i];
            var rate = step.Rate * slot.Rate;
            var direction = Muon.Direction(slot.Gradient.mul_(clip), slot.Mean);
            slot.Weight.mul_(1 - (rate * options.WeightDecay)).add_(direction, alpha: -rate);
            slot.Average.lerp_(slot.Weight, step.Follow);
            slot.Gradient.zero_();
        }
    }

    private void ForPieces(int from, int worker, int workers, Action<Slot, int, int, int> work)
    {
        for (var i = from + worker; i < pieces.Length; i += workers)
        {
            work(slots[pieces[i].Slot], pieces[i].Start, pieces[i].Count, i);
        }
    }

    // A weight and what belongs to it. The gradient is there from the start and stays, so that its place in memory never changes.
    private sealed class Slot : IDisposable
    {
        /// <param name="parts">Memory for what belongs to the weight, the average filled; null takes some.</param>
        public Slot(string name, Parameter weight, (Tensor Gradient, Tensor Mean, Tensor? Square, Tensor Average)? parts, bool hasSquare = true)
        {
            using var off = no_grad();
            Name = name;
            Weight = weight;
            Count = weight.numel();
            Gradient = (parts?.Gradient ?? zeros_like(weight)).DetachFromDisposeScope();
            Mean = (parts?.Mean ?? zeros_like(weight)).DetachFromDisposeScope();
            Square = hasSquare ? (parts?.Square ?? zeros_like(weight)).DetachFromDisposeScope() : null;
            Average = (parts?.Average ?? weight.clone()).DetachFromDisposeScope();
            weight.grad = Gradient;
        }

        public string Name { get; }

        public Parameter Weight { get; }

        public required double Rate { get; init; }

        public long Count { get; }

        public Tensor Gradient { get; }

        public Tensor Mean { get; }

        public Tensor? Square { get; }

        public Tensor Average { get; }

        private Tensor? Gathered { get; set; }

        public void Gather(bool isLast)
        {
            if (isLast)
            {
                _ = Gathered is null ? Gradient : Gradient.add_(Gathered);
                _ = Gathered?.zero_();
                return;
            }

            Gathered ??= zeros_like(Weight).DetachFromDisposeScope();
            Gathered.add_(Gradient);
            Gradient.zero_();
        }

        public void Dispose()
        {
            Weight.grad = null;
            Gradient.Dispose();
            Mean.Dispose();
            Square?.Dispose();
            Average.Dispose();
            Gathered?.Dispose();
        }
    }
}

/// <summary>What changes from step to step.</summary>
/// <param name="Rate">Learning rate.</param>
/// <param name="ClipNorm">The longest that all gradients together may be.</param>
/// <param name="Follow">How far the running average goes towards the weights.</param>
internal readonly record struct AdamWStep(double Rate, double ClipNorm, double Follow);
