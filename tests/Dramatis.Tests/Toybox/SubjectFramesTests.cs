using Dramatis.Errors;
using Dramatis.Tensors;
using Dramatis.Toybox;
using SkiaSharp;

namespace Dramatis.Tests.Toybox;

public sealed class SubjectFramesTests : IDisposable
{
    private const int Side = 24;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_bank_shows_the_frames_beside_it_and_none_where_there_are_none()
    {
        using SKBitmap own = Filled(SKColors.Red), first = Filled(SKColors.Lime), second = Filled(SKColors.Blue);
        SubjectBank.Save(folder.FullName, [(new("1", "1", "moving", 1), own), (new("2", "2", "still", 2), own)]);
        SubjectFrames.Save(folder.FullName, add =>
        {
            add("1", first);
            add("1", second);
        });

        var bank = SubjectBank.Load(folder.FullName);

        Assert.Equal((3, 1), (bank.PicturesOf(0), bank.PicturesOf(1)));
        Assert.Equal([255, 0, 0], Middle(bank, 0));
        Assert.True(Middle(bank, 1)[1] > 240 && Middle(bank, 2)[2] > 240);
    }

    [Theory]
    [InlineData("bank.json", "[{}]", "bank.json: [0] lacks Code")]
    [InlineData("bank.json", "null", "bank.json: is null")]
    [InlineData("bank.bin", "RIFF", "bank.bin: is damaged, or not the one that belongs to bank.json")]
    [InlineData("frames.json", "{", "frames.json: is no valid JSON")]
    [InlineData("frames.json", """{"1": [{"offset": 0, "length": 99999}]}""", "frames.bin: is damaged, or not the one")]
    [InlineData("frames.json", """{"1": [null]}""", "frames.bin: is damaged, or not the one")]
    [InlineData("frames.bin", null, "frames.bin: there is no such file")]
    public void A_bank_that_is_damaged_is_told_by_its_file(string name, string? text, string problem)
    {
        using SKBitmap own = Filled(SKColors.Red), frame = Filled(SKColors.Lime);
        SubjectBank.Save(folder.FullName, [(new("1", "1", "moving", 1), own)]);
        SubjectFrames.Save(folder.FullName, add => add("1", frame));
        var path = Path.Combine(folder.FullName, name);
        if (text is null)
        {
            File.Delete(path);
        }
        else
        {
            File.WriteAllText(path, text);
        }

        var error = Assert.Throws<InvalidDataSetException>(() => SubjectBank.Load(folder.FullName));

        Assert.Contains(problem, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith($"Make a bank with: dramatis toybox data -o {folder.FullName}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_that_is_damaged_is_told_when_it_is_shown()
    {
        using SKBitmap own = Filled(SKColors.Red), frame = Filled(SKColors.Lime);
        SubjectBank.Save(folder.FullName, [(new("1", "1", "moving", 1), own)]);
        SubjectFrames.Save(folder.FullName, add => add("1", frame));
        var path = Path.Combine(folder.FullName, "frames.bin");
        File.WriteAllBytes(path, new byte[new FileInfo(path).Length]);
        var bank = SubjectBank.Load(folder.FullName);

        Assert.Contains("the picture of moving at byte 0 is damaged", Assert.Throws<InvalidDataSetException>(
            () => bank.CutoutOf(0, View.Plain with { Frame = 1 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_view_shows_another_frame_where_there_are_several()
    {
        var random = new StableRandom(1, 1);

        Assert.All(Enumerable.Range(0, 50), i => Assert.NotEqual(i % 3, (View.Plain with { Frame = i % 3 }).Again(random, pictures: 3).Frame));
        Assert.Equal(0, View.Plain.Again(random).Frame);
    }

    [Fact]
    public void A_picture_that_does_not_move_has_no_frames()
    {
        using var picture = Filled(SKColors.Red);
        using var pixels = picture.PeekPixels();
        using var data = pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 50))!;

        Assert.Empty(Animation.Frames(data.ToArray(), 2));
    }

    [Fact]
    public void A_frame_of_another_variant_is_told_from_the_subjects_own()
    {
        using SKBitmap light = Filled(new(230, 180, 150)), medium = Filled(new(200, 150, 120));
        using SKBitmap between = Filled(new(222, 172, 142)), other = Filled(SKColors.Blue);
        var (first, second) = (new ToyboxSubject("1", "1", "hand", 1), new ToyboxSubject("1-2", "1", "medium hand", 2));
        SubjectBank.Save(folder.FullName, [(first, light), (second, medium)]);
        var same = new SameSubject(SubjectBank.Load(folder.FullName));

        Assert.True(same.Shows(first, light.GetPixelSpan()));
        Assert.False(same.Shows(second, light.GetPixelSpan()));
        Assert.False(same.Shows(first, between.GetPixelSpan()));    // nearer to it than to the other, and too far from both
        Assert.False(same.Shows(first, other.GetPixelSpan()));
    }

    private static SKBitmap Filled(SKColor colour)
    {
        var bitmap = new SKBitmap(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Premul));
        bitmap.Erase(colour);
        return bitmap;
    }

    private static byte[] Middle(SubjectBank bank, int frame) =>
        bank.CutoutOf(0, View.Plain with { Frame = frame }).Pixels.Span.Slice(((Side / 2 * Side) + (Side / 2)) * 4, 3).ToArray();
}
