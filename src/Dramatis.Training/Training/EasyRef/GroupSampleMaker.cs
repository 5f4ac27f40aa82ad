using Dramatis.Pictures;
using Dramatis.Training.Records;

namespace Dramatis.Training.EasyRef;

/// <summary>Records to samples.</summary>
/// <param name="read">Reads a picture.</param>
internal sealed class GroupSampleMaker(GroupOptions options, Func<string, Picture> read)
{
    // What stands for no group, in training as in painting.
    private static readonly Picture Nothing = Picture.Filled(512, 512, Rgb.Black);

    /// <exception cref="Errors.UnreadablePictureException">A picture is no longer what it was when it was checked.</exception>
    public GroupSample Make(GroupRecord record, GroupDraws draws)
    {
        var drops = ConditionDrops.From(draws.Drop, options.DropText);
        var target = read(record.Target).WithoutAlpha();
        var caption = drops.Text || record.Texts.Count == 0 ? "" : record.Texts[draws.Text];
        IReadOnlyList<Picture> References(Func<Picture, Picture> cut) => drops.Images ? [Nothing] : Show(record, draws, target, cut);
        if (options.Square)
        {
            var square = new SquarePicture(target, options.Side);
            return new(ToPicture(square), square.Frame, References(one => ToPicture(Cut(one, target.Size))), caption, drops.Images);
        }

        var size = NearSize.Of(target.Size, options.Side);
        return new(target.Resize(size), [size.Height, size.Width, 0, 0, size.Height, size.Width], References(one => one), caption, drops.Images);
    }

    // A single reference is cut as the picture to learn is.
    private List<Picture> Show(GroupRecord record, GroupDraws draws, Picture target, Func<Picture, Picture> cut)
    {
        var shown = record.Face is { } face
            ? [Face(target, FaceCrop.Of(face, target.Size, draws.Growth), draws.Mirror)]
            : Choose(record, draws).Select(reference => reference == record.Target ? target : read(reference).WithoutAlpha()).ToList();
        return shown.Count == 1 ? [cut(shown[0])] : shown;
    }

    private IEnumerable<string> Choose(GroupRecord record, GroupDraws draws) =>
        draws.Order.Take(options.MostReferences).Take(draws.Kept ?? int.MaxValue).Select(i => record.References[i]);

    private static Picture Face(Picture picture, PixelBox box, bool mirror)
    {
        var face = picture.Crop(box).WithoutAlpha();    // beyond the edge it is black
        return mirror ? face.Mirror() : face;
    }

    private SquarePicture Cut(Picture reference, PixelSize target) =>
        options.CutAlike ? SquarePicture.CutAs(reference, target, options.Side) : new(reference, options.Side);

    private static Picture ToPicture(SquarePicture square) => Picture.FromRgb(square.Rgb, new(square.Side, square.Side));
}
