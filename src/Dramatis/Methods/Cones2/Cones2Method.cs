using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Requests;
using Dramatis.Schedules;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Methods.Cones2;

/// <summary>Cones 2 on a base model: residuals to their words, places to maps. It has no weights of its own.</summary>
/// <remarks>Shapes: k tokens of a subject, L text tokens, E text width, N cells of a feature map.</remarks>
internal sealed class Cones2Method(Func<ClipTokenizer> tokenizer, int textWidth, SchedulerConfig scheduler, Device? device = null) : ILoadedMethod
{
    public const string Name = "cones2";

    public const MethodReads Reads = MethodReads.Window | MethodReads.Place | MethodReads.PlaceMask | MethodReads.FoundPlaces | MethodReads.WholeLayout;

    // A cell is a subject's when at least half of it is in the place.
    private const double MostOfACell = .5;

    // Asked anew each time: words come and go with learned files.
    private ClipTokenizer Tokenizer => tokenizer();

    public static ILoadedMethod Load(BaseModel model) =>
        new Cones2Method(() => model.Tokenizer, model.UNet.Config.TextWidth, model.Scheduler, model.Compute.Device);

    public ConditioningSession Open(MethodOrder order)
    {
        using var scope = NewDisposeScope();
        var config = order.Layout.File is { } path ? GuidanceConfig.Load(path) : null;
        var guidance = config?.Guidance ?? new() { Steps = order.Layout.Mode == LayoutMode.Whole ? 0 : null };
        List<Steering> steerings =
            [.. order.Cast.Where(member => member.Subject.Strength > 0).Select(member => Steer(member, order, guidance))];
        if (config is not null)
        {
            Check(config, order);
            steerings.Add(Steer(config, order.Prompt, isChecked: true));
        }

        return steerings.Count > 0 ? new Cones2Session(steerings, guidance, scheduler, order.HasNegativeRow) : ConditioningSession.None;
    }

    public void Dispose()
    {
        // All that it uses is the base model's.
    }

    /// <summary>What a guidance file says, to the number as the official code does it.</summary>
    /// <param name="isChecked">Refuse a layout picture that the official code only warns of.</param>
    internal Steering Steer(GuidanceConfig config, string text, bool isChecked)
    {
        using var scope = NewDisposeScope();
        var ids = Tokenizer.Encode(text);
        Tensor? shift = null;
        foreach (var (file, position) in config.Residuals)
        {
            shift ??= zeros(ids.Length, textWidth, device: device);
            Add(shift, Residual.Read(file, textWidth), position, file);
        }

        shift = shift?.MoveToOuterDisposeScope();
        if (config.Regions.Count == 0)
        {
            return new(shift, null, Influence.Full);
        }

        var layout = ColourLayout.Read(config, device);
        if (isChecked)
        {
            layout.Check();
        }

        IReadOnlyList<IReadOnlyList<int>> words = [.. config.Regions.Select(region => Tokenizer.EncodeWords(region.Words))];
        return new(shift, grid => layout.At(grid, ids, words), Influence.Full);
    }

    // Official code goes on without words that are not there, and adds residuals to whatever words stand at their positions.
    private void Check(GuidanceConfig config, MethodOrder order)
    {
        var file = order.Layout.File!;
        if (config.Prompt is { } own && own != order.Prompt && config.Residuals.Count > 0)
        {
            throw new InvalidConfigException(
                file, $"its positions are those of \"{own}\", but the prompt is \"{order.Prompt}\"; make both the same.");
        }

        var ids = Tokenizer.Encode(order.Prompt);
        var missing = config.Regions.FirstOrDefault(region => !ColourLayout.Find(ids, Tokenizer.EncodeWords(region.Words)).Any());
        if (missing.Words is not null)
        {
            throw new InvalidConfigException(file, $"\"color_context\" names \"{missing.Words}\", which is not in the prompt; write it there.");
        }
    }

    // A subject of the request: its own words in the prompt, its place as cells.
    private Steering Steer(CastMember member, MethodOrder order, LayoutGuidance guidance)
    {
        using var scope = NewDisposeScope();
        var (start, count) = TokensOf(order.Prompt, member);
        Tensor? shift = null;
        if (member.Learned.Residual is { } file)
        {
            var rows = Residual.Read(file, textWidth);
            if (rows.shape[0] > count)
            {
                throw new InvalidCheckpointException(
                    file, $"has {rows.shape[0]} rows, but \"{member.Subject.Phrase}\" is {count} of the model's tokens; name the subject by the words that "
                        + "it was learned with.");
            }

            shift = zeros(Tokenizer.Options.MaxLength, textWidth, device: device);
            Add(shift, rows, start, file);
        }

        return new(
            shift?.MoveToOuterDisposeScope(),
            order.Layout.Mode == LayoutMode.Whole ? null : grid => MapOf(member, grid, start, count, guidance),
            member.Influence);
    }

    // Byte pairs never cross the border of a word, so that the tokens before the words are those of the text before them.
    private (int Start, int Count) TokensOf(string prompt, CastMember member)
    {
        var words = prompt[member.Words];
        var own = Tokenizer.EncodeWords(words);
        var start = 1 + Tokenizer.EncodeWords(prompt[..member.Words.Start.Value]).Count;
        var ids = Tokenizer.Encode(prompt);
        return own.Count > 0 && start + own.Count < ids.Length && ids.Skip(start).Take(own.Count).SequenceEqual(own)
            ? (start, own.Count)
            : throw new InvalidRequestException(
                "prompt", $"\"{words}\" is not among the {ids.Length - 2} tokens that the model reads, as words of their own; put it earlier, and apart from "
                    + "other letters.");
    }

    private static void Add(Tensor shift, Tensor rows, int position, string file)
    {
        var last = shift.shape[0] - rows.shape[0];
        if (position < 0 || position > last)
        {
            throw new InvalidCheckpointException(file, $"cannot be added at token {position}; the position must be between 0 and {last}.");
        }

        shift.narrow(0, position, rows.shape[0]).add_(rows.to(shift.device));
    }

    // (N, L)
    private Tensor MapOf(CastMember member, Grid grid, int start, int count, LayoutGuidance guidance)
    {
        using var scope = NewDisposeScope();
        var coverage = member.Mask?.CoverageAt(grid, device) ?? CoverageOf(member.Place, grid);
        var least = coverage.max().clamp(max: MostOfACell);    // the smallest place still has a cell
        var weights = full_like(coverage, guidance.Outside).masked_fill(coverage >= least, guidance.Inside).to(float32).view(-1, 1);
        var map = zeros(grid.Cells, Tokenizer.Options.MaxLength, device: device);
        map.narrow(1, start, count).add_(weights);
        return map.MoveToOuterDisposeScope();
    }

    // (H, W)
    private Tensor CoverageOf(Box place, Grid grid) =>
        Overlaps(place.Top, place.Bottom, grid.Height).unsqueeze(-1) * Overlaps(place.Left, place.Right, grid.Width);

    // How much of each cell lies between two fractions of an axis.
    private Tensor Overlaps(double from, double to, int cells)
    {
        var left = arange(cells, ScalarType.Float64, device);
        return ((left + 1).clamp(max: to * cells) - left.clamp(min: from * cells)).clamp(min: 0);
    }
}
