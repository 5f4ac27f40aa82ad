using Dramatis.Methods.IpAdapter;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Training.Records;
using static TorchSharp.torch;

namespace Dramatis.Training.IpAdapter;

/// <summary>A record made ready for the encoders.</summary>
/// <param name="References">Of any size.</param>
/// <param name="Places">Of the references, fractions of the square; null for one that acts everywhere.</param>
internal sealed record IpSample(SquarePicture Picture, string Text, IReadOnlyList<Picture> References, IReadOnlyList<Box>? Places)
{
    /// <summary>The picture is its own reference, whole, as in the reference's data sets; or with regions each subject's reference acts in its place.</summary>
    /// <param name="side">Pixels along one side of the picture.</param>
    /// <exception cref="Errors.UnreadablePictureException">A picture is no longer what it was when it was checked.</exception>
    public static IpSample Make(TrainingRecord record, int side, bool regions)
    {
        var whole = PictureReader.Read(record.Image);
        var picture = new SquarePicture(whole, side);
        return regions
            ? new(
                picture,
                record.Text,
                [.. record.Subjects.Select(subject => subject.Show(ReferenceEncoder.Nothing))],
                [.. record.Subjects.Select(subject => picture.PlaceOf(subject.Place))])
            : new(picture, record.Text, [whole.WithoutAlpha()], null);
    }
}

/// <summary>What the frozen encoders make of a sample.</summary>
/// <remarks>Shapes: n references.</remarks>
/// <param name="Features">(n, C) or (n, L, C).</param>
/// <param name="Places">(n, 4); null for one reference that acts everywhere.</param>
internal sealed record IpEncoded(EncodedPicture Picture, Tensor Features, Tensor? Places)
{
    /// <summary>Back from what <see cref="Named"/> gave.</summary>
    public static IpEncoded From(IReadOnlyDictionary<string, Tensor> named) =>
        new(EncodedPicture.From(named), named["features"], named.GetValueOrDefault("places"));

    /// <summary>By names for a file.</summary>
    public IReadOnlyDictionary<string, Tensor> Named()
    {
        var named = Picture.Named();
        named["features"] = Features;
        if (Places is not null)
        {
            named["places"] = Places;
        }

        return named;
    }

    public IpCast ToCast(bool isDropped) => new(Features, Places is null ? null : Boxes(Places.data<float>().ToArray()), isDropped);

    private static Box[] Boxes(float[] numbers) => [.. numbers.Chunk(4).Select(box => new Box(box[0], box[1], box[2], box[3]))];
}
