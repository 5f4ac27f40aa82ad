using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.TestKit;

namespace Dramatis.Tests.Pipelines;

/// <summary>With a cutter that finds the left half of every picture.</summary>
public sealed class CutOutsTests
{
    private static readonly Reference Photo = Reference.FromBytes(PictureWriter.EncodePng(BusyPhotograph.Make(64, 64)));

    private static readonly GenerationRequest Request = new()
    {
        Prompt = "a {ball} on a beach",
        Subjects = [new() { Phrase = "ball", References = [Photo], Place = new(.2, .2, .8, .8) }],
        Size = new(64, 64),
        Steps = 1,
        Seed = 1,
    };

    [Fact]
    public async Task A_photograph_is_painted_as_if_its_mask_had_been_given_and_the_request_stays_as_it_was()
    {
        var cutter = new LeftHalf();

        var (cut, events) = await Paint(Request, cutter);
        var (masked, _) = await Paint(With(Request.Subjects[0] with { ReferenceMasks = [LeftHalf.Of(64)] }), null);
        var (whole, _) = await Paint(Request, null);

        Assert.Equal(Pixels(masked), Pixels(cut));
        Assert.NotEqual(Pixels(whole), Pixels(cut));
        var told = Assert.Single(events.OfType<SubjectCutOut>());
        Assert.Equal((0, 0, "ball"), (told.Subject, told.Reference, told.Phrase));
        Assert.True(PictureReader.Read(told.Png, "cut out").HasAlpha);
        Assert.Equal((CutOutMode.Auto, 0), await Recorded(cut));
    }

    [Fact]
    public async Task Cropped_it_is_painted_as_if_the_part_with_the_subject_had_been_given()
    {
        var photograph = Photo.Read("photo");
        var half = Reference.FromBytes(PictureWriter.EncodePng(photograph.Crop(new(0, 0, 32, 64))));

        var (cropped, events) = await Paint(Request with { CutOut = CutOutMode.Crop }, new LeftHalf());
        var (given, _) = await Paint(With(Request.Subjects[0] with { References = [half] }), null);

        Assert.Equal(Pixels(given), Pixels(cropped));
        Assert.NotEqual(Pixels((await Paint(Request, null)).Png), Pixels(cropped));
        var shown = PictureReader.Read(Assert.Single(events.OfType<SubjectCutOut>()).Png, "cropped");
        Assert.Equal((false, new PixelSize(32, 64)), (shown.HasAlpha, shown.Size));
        var (_, anywhere) = await Paint(
            With(new() { Phrase = "ball", References = [Photo], Method = "ip-adapter" }) with { CutOut = CutOutMode.Crop }, new LeftHalf());
        Assert.Single(anywhere.OfType<SubjectCutOut>());    // a request that says so means it for the whole picture too
    }

    [Fact]
    public async Task A_crop_that_nobody_makes_is_told()
    {
        var crop = Request with { CutOut = CutOutMode.Crop };

        var (_, without) = await Paint(crop, null);
        var (_, compat) = await Paint(crop with { Layout = new() { Compat = true } }, new LeftHalf());
        var (_, unasked) = await Paint(Request, null);

        Assert.Contains("PaintingOptions.CutOut", CutOutNotice(without)!.Text, StringComparison.Ordinal);
        Assert.Contains("layout.compat", CutOutNotice(compat)!.Text, StringComparison.Ordinal);
        Assert.Null(CutOutNotice(unasked));

        static Notice? CutOutNotice(List<GenerationEvent> events) => events.OfType<Notice>().SingleOrDefault(notice => notice.Field == "cut_out");
    }

    [Fact]
    public async Task What_has_alpha_or_a_mask_and_what_is_told_to_stay_whole_is_not_cut()
    {
        var cutter = new LeftHalf();
        var transparent = Reference.FromBytes(PictureWriter.EncodePng(BusyPhotograph.Make(64, 64).Masked(LeftHalf.Of(64).Read("mask"))));

        await Paint(Request with { CutOut = CutOutMode.None }, cutter);
        await Paint(With(new() { Phrase = "ball", References = [transparent], Place = new(.2, .2, .8, .8) }), cutter);
        await Paint(With(new() { Phrase = "ball", References = [Photo], ReferenceMasks = [LeftHalf.Of(64)], Place = new(.2, .2, .8, .8) }), cutter);
        await Paint(Request with { Layout = new() { Compat = true } }, cutter);
        await Paint(With(new() { Phrase = "ball", References = [Photo], Method = "ip-adapter" }), cutter);    // without a place the whole picture counts

        Assert.Equal(0, cutter.Calls);
    }

    [Fact]
    public async Task Where_nothing_is_found_the_picture_stays_whole_and_that_is_told()
    {
        var (painted, events) = await Paint(Request, new Nothing());

        Assert.Equal(Pixels((await Paint(Request, null)).Png), Pixels(painted));
        Assert.Empty(events.OfType<SubjectCutOut>());
        var told = Assert.Single(events.OfType<Notice>());
        Assert.Equal("subjects[0].references[0]", told.Field);
        Assert.Contains("no subject could be told from its busy ground", told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_plain_ground_nothing_is_told()
    {
        var plain = Reference.FromBytes(PictureWriter.EncodePng(Picture.Filled(64, 64, new(200, 210, 220))));

        var (_, events) = await Paint(With(new() { Phrase = "ball", References = [plain], Place = new(.2, .2, .8, .8) }), new Nothing());

        Assert.Empty(events.OfType<Notice>());
    }

    [Fact]
    public void It_is_a_field_of_orders()
    {
        Assert.Equal(CutOutMode.None, RequestJson.Parse("""{"prompt": "a", "cut_out": "none"}""", ".").CutOut);
        Assert.Contains("\"cut_out\":\"none\"", RequestJson.Write(new() { Prompt = "a", CutOut = CutOutMode.None }), StringComparison.Ordinal);
    }

    private static async Task<(CutOutMode, int Masks)> Recorded(byte[] png)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, png, TestContext.Current.CancellationToken);
        var request = PictureRecord.Read(file).Request;
        File.Delete(file);
        return (request.CutOut, request.Subjects[0].ReferenceMasks.Count);
    }

    private static GenerationRequest With(Subject subject) => Request with { Subjects = [subject] };

    private static async Task<(byte[] Png, List<GenerationEvent> Events)> Paint(GenerationRequest request, ICutOut? cutter)
    {
        using var generator = ImageGenerator.Open(ToyboxFolder.Path, new() { CutOut = cutter });
        var events = new List<GenerationEvent>();
        await foreach (var item in generator.GenerateAsync(request, TestContext.Current.CancellationToken))
        {
            events.Add(item);
        }

        return (events.OfType<PictureDone>().Single().Png, events);
    }

    private static byte[] Pixels(byte[] png) => PictureReader.Read(png, "picture").Rgba;

    private sealed class LeftHalf : ICutOut
    {
        public int Calls { get; private set; }

        public static Reference Of(int side) => Reference.FromBytes(PictureWriter.EncodePng(Mask(side)));

        public Picture? Mask(Picture picture)
        {
            Calls++;
            return Mask(picture.Width);
        }

        private static Picture Mask(int side)
        {
            var mask = Picture.Filled(side, side, Rgb.Black);
            for (var i = 0; i < side * side; i++)
            {
                mask.Rgba.AsSpan(4 * i, 3).Fill((byte)(i % side < side / 2 ? 255 : 0));
            }

            return mask;
        }
    }

    private sealed class Nothing : ICutOut
    {
        public Picture? Mask(Picture picture) => null;
    }
}
