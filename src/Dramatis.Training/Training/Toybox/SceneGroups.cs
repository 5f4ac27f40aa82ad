using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Dramatis.Files;
using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Toybox;
using Dramatis.Toybox.Hands;
using Dramatis.Training.EasyRef;
using Dramatis.Training.Records;

namespace Dramatis.Training.Toybox;

/// <summary>Writes groups of pictures that share something, with one more of the kind: what a training of EasyRef learns from, and MRBench measures.</summary>
/// <remarks>
/// Topics take turns between the kinds. A folder a group, <c>topic/group</c>, whose last picture is the target; <c>groups.json</c> names them all, and
/// <c>singles.json</c> each picture as a group of itself, whose target it is too: what the first two stages align on. <c>records.jsonl</c> has the same
/// pictures for an IP-Adapter. A group depends on the seed and on its number alone.
/// </remarks>
/// <param name="split">The subjects that groups show.</param>
/// <param name="kinds">What is shared, in turn, each once; every kind when null.</param>
/// <param name="side">Pixels of the pictures, those of a plain or of a lit scene.</param>
internal sealed class SceneGroups(
    SubjectBank bank, ulong seed, SubjectSplit split, IReadOnlyList<GroupKind>? kinds = null, int side = SceneMaker.Side)
{
    /// <summary>Groups of each topic.</summary>
    public const int OfTopic = 4;

    /// <summary>Name of the file with each picture as a group of itself.</summary>
    public const string SinglesName = "singles.json";

    private const uint Stream = 0x62F5;
    private const int MostScenes = 1 << 16;    // of a topic
    private const int MostHands = 1 << 16;

    private readonly SceneOptions usual = LookOf(side);
    private readonly Backgrounds backgrounds = LookOf(side).Grounds(seed);
    private readonly IReadOnlyList<GroupKind> kinds = kinds ?? Enum.GetValues<GroupKind>();

    /// <summary>Writes the pictures, and the files that name them when all are there.</summary>
    /// <param name="references">Pictures of a group beside the target.</param>
    /// <returns>The path of the file with the groups.</returns>
    /// <exception cref="Errors.OutputNotWrittenException">The folder cannot be written to.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the pictures so far stay.</exception>
    public string Write(string folder, int count, int references, CancellationToken cancellationToken)
    {
        OutputFolder.Create(folder);
        var written = new (GroupBody Group, GroupBody[] Singles)[count];
        Parallel.For(0, count, new() { CancellationToken = cancellationToken }, i => written[i] = Write(folder, i, references));
        GroupBody[] singles = [.. written.SelectMany(item => item.Singles)];
        Save(SinglesName, singles);
        RecordSet.Write(folder, singles.Select(single => JsonSerializer.Serialize(new() { Text = single.Text, ImageFile = single.Target }, RecordContext.Default.RecordBody)));
        return Save(GroupSet.FileName, written.Select(item => item.Group));

        string Save(string file, IEnumerable<GroupBody> groups)
        {
            var path = Path.Combine(folder, file);
            AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, [.. groups], GroupBodyContext.Default.GroupBodyArray));
            return path;
        }
    }

    private (GroupBody Group, GroupBody[] Singles) Write(string folder, int number, int references)
    {
        var (index, turn) = Math.DivRem(number / OfTopic, kinds.Count);
        var random = new StableRandom(seed, number, Stream);
        var (name, pictures) = kinds[turn] switch
        {
            GroupKind.Style => Style(index, references, random),
            GroupKind.Subject => Subject(index, references, random),
            GroupKind.Drawn => Drawn(index, references, random),
            GroupKind.Scene => Scene(index, references, random),
            var other => throw new UnreachableException($"{other}"),
        };
        var place = $"{GroupKinds.NameOf(kinds[turn])}/{name}-{index:D4}/{number:D6}";
        OutputFolder.Create(Path.Combine(folder, place));
        string[] files = [.. Enumerable.Range(1, pictures.Count).Select(i => $"{place}/{i:D2}.png")];
        foreach (var (file, picture) in files.Zip(pictures))
        {
            PictureWriter.WritePng(Path.Combine(folder, file), Picture.FromRgb(picture.Rgb, new(usual.Side, usual.Side)));
        }

        var caption = pictures[^1].Caption;
        AtomicFile.Write(Path.Combine(folder, place, "caption.txt"), stream => stream.Write(Encoding.UTF8.GetBytes(caption)));
        return (
            new() { References = files[..^1], Text = caption, Target = files[^1] },
            [.. files.Zip(pictures, (file, picture) => new GroupBody { References = [file], Text = picture.Caption, Target = file })]);
    }

    private static SceneOptions LookOf(int side) => SceneOptions.For(side) with { Counts = [0, .6, .4], Sizes = (.45, .75), Twins = 0, NoSceneWords = 0 };

    private (string Name, IReadOnlyList<(string Caption, byte[] Rgb)> Pictures) Style(int index, int references, StableRandom random)
    {
        var hand = Hand.Draw(seed, index);
        var scenes = Scenes(usual with { Split = split }, references, random);
        return (hand.Kind.ToString().ToLowerInvariant(), [.. scenes.Select(scene => (scene.Caption, hand.Paint(scene.Rgb, usual.Side)))]);
    }

    // The words say the ground alone: what stands on it, the group shows.
    private (string Name, IReadOnlyList<(string Caption, byte[] Rgb)> Pictures) Subject(int index, int references, StableRandom random)
    {
        var subject = new StableRandom(seed, index, Stream + 1).Pick(bank.Of(split));
        var scenes = Scenes(usual with { Counts = [0, 1], Only = [subject] }, references, random);
        return (bank.Subjects[subject].Code.ToLowerInvariant(), [.. scenes.Select(scene => (backgrounds.Choice[scene.Background].Words, scene.Rgb))]);
    }

    private (string Name, IReadOnlyList<(string Caption, byte[] Rgb)> Pictures) Drawn(int index, int references, StableRandom random)
    {
        var (name, pictures) = Subject(index, references, random);
        var first = random.Below(MostHands);
        return (name, [.. pictures.Select((picture, i) => i == references ? picture : (picture.Caption, Paint(picture.Rgb, first + i)))]);
    }

    private byte[] Paint(byte[] rgb, int hand) => Hand.Draw(seed, hand).Paint(rgb, usual.Side);

    // The words say the subjects alone: where they are, the group shows.
    private (string Name, IReadOnlyList<(string Caption, byte[] Rgb)> Pictures) Scene(int index, int references, StableRandom random)
    {
        var ground = backgrounds.PickGround(new(seed, index, Stream + 2));
        var scenes = Scenes(usual with { Split = split, Ground = ground, NoSceneWords = 1 }, references, random);
        return (backgrounds.Choice[ground.Kind].Name, [.. scenes.Select(scene => (scene.Caption, scene.Rgb))]);
    }

    private Scene[] Scenes(SceneOptions options, int references, StableRandom random)
    {
        var maker = new SceneMaker(bank, backgrounds, random.NextBits(), options);
        var first = random.Below(MostScenes);
        return [.. Enumerable.Range(first, references + 1).Select(i => maker.Make(i))];
    }
}
