using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Dramatis.Cli.Host;
using Dramatis.Methods.TextualInversion;
using Dramatis.Requests;
using Dramatis.Weights;

namespace Dramatis.Cli.Tests;

/// <summary><c>dramatis paint</c> on the embedded model.</summary>
[Collection(CommandRun.Collection)]
public sealed class PaintTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    private string Out => Path.Combine(folder.FullName, "out.png");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task The_sample_order_becomes_a_picture_that_repeats_itself()
    {
        var (code, _) = await Run("paint", ShippedSamples.Order, "-o", Out, "--steps", "3");
        var again = Path.Combine(folder.FullName, "again.png");
        var (codeAgain, errorAgain) = await Run("paint", "--again", Out, "-o", again);

        Assert.Equal(0, code);
        Assert.True(codeAgain == 0, errorAgain);
        Assert.Equal(await File.ReadAllBytesAsync(Out, TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(again, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("family", 4)]
    [InlineData("mixed", 2)]
    [InlineData("names", 2)]
    [InlineData("night", 2)]
    [InlineData("photo", 2)]
    public async Task Every_sample_order_is_painted_with_its_whole_cast(string name, int subjects)
    {
        var (code, error) = await Run("paint", Path.Combine(ShippedFolder.Find("samples", "orders"), $"{name}.json"), "-o", Out, "--steps", "2");

        Assert.True(code == 0, error);
        Assert.Equal(subjects, PictureRecord.Read(Out).Request.Subjects.Count);
    }

    [Fact]
    public async Task An_adapter_beside_the_model_is_the_one_that_keeps_subjects()
    {
        var model = ShippedFolder.Find("models", "toybox");
        string[] order = ["paint", "a dog on a beach", "-s", $"dog={ShippedSamples.Dog}", "--steps", "2", "--seed", "4"];
        var beside = Path.Combine(folder.FullName, "beside.png");

        var (code, error) = await Run([
            .. order, "--adapter", Path.Combine(model, "adapters", "ip-adapter"), "--image-encoder", Path.Combine(model, "image_encoder"), "-o", beside]);
        await Run([.. order, "--method", "ip-adapter", "-o", Out]);
        var (codeOfNone, errorOfNone) = await Run([.. order, "--adapter", ShippedSamples.Dog, "-o", Out]);

        Assert.True(code == 0, error);
        Assert.Equal(await File.ReadAllBytesAsync(Out, TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(beside, TestContext.Current.CancellationToken));
        Assert.Equal(1, codeOfNone);
        Assert.Contains("is a picture, not a file of weights", errorOfNone, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Strength_zero_paints_the_base_model_s_picture()
    {
        var without = Path.Combine(folder.FullName, "without.png");
        await Run("paint", "a dog on a beach", "-s", $"dog={ShippedSamples.Dog}*0", "-o", Out, "--steps", "2", "--seed", "4");
        await Run("paint", "a dog on a beach", "-o", without, "--steps", "2", "--seed", "4");

        Assert.Equal(Pictures.PictureReader.Read(without).Rgba, Pictures.PictureReader.Read(Out).Rgba);
    }

    [Fact]
    public async Task Learned_files_are_part_of_the_record_and_must_stay_as_they_were()
    {
        var word = Path.Combine(folder.FullName, "toy.safetensors");
        WriteWord(word, 1);
        var again = Path.Combine(folder.FullName, "again.png");

        var (code, error) = await Run("paint", "a toy and a <word>", "-s", $"toy=learned:{word}", "--lora", word, "-o", Out, "--steps", "2");
        var (codeAgain, errorAgain) = await Run("paint", "--again", Out, "-o", again);
        WriteWord(word, 2);
        var (codeChanged, errorChanged) = await Run("paint", "--again", Out, "-o", again);

        Assert.True(code == 0, error);
        Assert.True(codeAgain == 0, errorAgain);
        Assert.Equal(await File.ReadAllBytesAsync(Out, TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(again, TestContext.Current.CancellationToken));
        Assert.Equal(ExitCode.Failed, codeChanged);
        Assert.Contains("toy.safetensors", errorChanged, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_precision_paints_another_file_of_the_same_order()
    {
        var half = Path.Combine(folder.FullName, "half.png");
        await Run("paint", "a dog on a beach", "-o", Out, "--steps", "2", "--seed", "4");
        var (code, error) = await Run("paint", "a dog on a beach", "-o", half, "--steps", "2", "--seed", "4", "--precision", "bf16", "--device", "cpu");

        Assert.True(code == 0, error);
        Assert.NotEqual(Pictures.PictureReader.Read(Out).Rgba, Pictures.PictureReader.Read(half).Rgba);
    }

    [Theory]
    [InlineData("@_@, 1girl, solo")]
    [InlineData("@wlop")]
    public async Task A_text_that_begins_with_an_at_sign_is_a_text_whatever_file_there_is(string prompt)
    {
        var file = Path.Combine(folder.FullName, "wlop");
        await File.WriteAllTextAsync(file, "foo bar", TestContext.Current.CancellationToken);

        var (code, error) = await Run("paint", prompt.Replace("wlop", file, StringComparison.Ordinal), "--negative", "@@", "-o", Out, "--steps", "1");

        Assert.True(code == 0, error);
        Assert.Equal(prompt.Replace("wlop", file, StringComparison.Ordinal), PictureRecord.Read(Out).Request.Prompt);
    }

    [Theory]
    [InlineData("--device", "gpu", ExitCode.Failed, "\"gpu\" is no device")]
    [InlineData("--device", "cuda:77", ExitCode.Failed, "cuda:77: ")]
    [InlineData("--precision", "fp8", ExitCode.WrongUsage, "fp16")]
    public async Task What_cannot_be_computed_on_or_in_is_told_in_one_line(string flag, string value, int expected, string words)
    {
        var (code, error) = await Run("paint", "a dog", "-o", Out, flag, value);

        Assert.Equal(expected, code);
        Assert.Contains(words, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_leaves_no_file()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        var (code, _) = await Run(stop.Token, "paint", ShippedSamples.Order, "-o", Out);

        Assert.Equal(ExitCode.Cancelled, code);
        Assert.Empty(folder.GetFiles());
    }

    [Theory]
    [InlineData(1, "no partner", "paint", "a dog}")]
    [InlineData(1, "guidance", "paint", "a dog", "--guidance", "NaN")]
    [InlineData(1, "sampler", "paint", "a dog", "--sampler", "heun9")]
    [InlineData(1, "--size", "paint", "a dog", "--size", "big")]
    [InlineData(1, "size", "paint", "a dog", "--size", "100000x8")]
    [InlineData(1, "size: 0x0 is not between 64 and 4096", "paint", "a dog", "--size", "0x0")]
    [InlineData(1, "no such file", "paint", "a dog", "-s", "dog=none.png")]
    [InlineData(1, "none.safetensors", "paint", "a dog", "--lora", "none.safetensors")]
    [InlineData(1, "dog.png", "paint", "a dog", "--lora", "DOG")]
    [InlineData(1, "more than one number after '*'", "paint", "a dog", "--lora", "a.safetensors*1,2")]
    [InlineData(1, "there is no such folder", "paint", "a dog", "--model", "nowhere/model")]
    [InlineData(1, "carries no request", "paint", "--again", "DOG")]
    [InlineData(1, "none.json: there is no such file", "paint", "none.json")]
    [InlineData(2, "either a prompt", "paint")]
    [InlineData(2, "'many' is not a whole number", "paint", "a dog", "--steps", "many")]
    [InlineData(2, "--seed: -1 is below 0", "paint", "a dog", "--seed", "-1")]
    [InlineData(2, "'much' is not a number", "paint", "a dog", "--guidance", "much")]
    public async Task A_mistake_gets_one_line_and_its_exit_code(int expected, string words, params string[] args)
    {
        var (code, error) = await Run([.. args.Select(argument => argument == "DOG" ? ShippedSamples.Dog : argument), "-o", Out]);

        Assert.Equal(expected, code);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'), line => !line.StartsWith("loading ", StringComparison.Ordinal));
        Assert.Empty(folder.GetFiles());
    }

    [Fact]
    public async Task A_missing_output_folder_is_named_before_work_begins()
    {
        var (code, error) = await Run("paint", ShippedSamples.Order, "-o", Path.Combine(folder.FullName, "none", "out.png"));

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("does not exist", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("order.json", "too many for an order file")]
    [InlineData("dog.png", "more than the limit")]
    public async Task A_file_of_300_MB_is_refused_unread(string name, string words)
    {
        var path = Path.Combine(folder.FullName, name);
        await using (var file = File.Create(path))
        {
            file.SetLength(300L << 20);    // sparse
        }

        var (code, error) = name.EndsWith(".json", StringComparison.Ordinal)
            ? await Run("paint", path, "-o", Out)
            : await Run("paint", "a dog", "-s", $"dog={path}", "-o", Out);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.False(File.Exists(Out));
    }

    [Fact]
    public async Task A_picture_bomb_is_refused_before_it_is_decoded()
    {
        var path = Path.Combine(folder.FullName, "bomb.png");
        var png = Pictures.PictureWriter.EncodePng(new Pictures.Picture(1, 1));
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 60_000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 60_000);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32.HashToUInt32(png.AsSpan(12, 17)));
        await File.WriteAllBytesAsync(path, png, TestContext.Current.CancellationToken);

        var (code, error) = await Run("paint", "a dog", "-s", $"dog={path}", "-o", Out);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("60000x60000 pixels are more than the limit of 100,000,000", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Out));
    }

    [Theory]
    [InlineData("{\"prompt\": \"a caf\u00e9\"}", 17)]
    [InlineData("[{\"prompt\": \"a caf\u00e9\"}]", 18)]
    public async Task An_order_that_is_no_UTF_8_is_refused_with_its_place(string json, int place)
    {
        var path = Path.Combine(folder.FullName, "latin.json");
        await File.WriteAllTextAsync(path, json, Encoding.Latin1, TestContext.Current.CancellationToken);

        var (code, error) = await Run("paint", path, "-o", Out);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Equal($"error: {path}: is not UTF-8 text (byte {place}); save it as UTF-8.", error.TrimEnd());
    }

    [Fact]
    public async Task A_prompt_of_a_megabyte_is_refused_without_repeating_it()
    {
        var (code, error) = await Run("paint", new string('a', 1 << 20), "-o", Out);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Equal("error: prompt: has 1,048,576 characters, more than 10,000; shorten it.", error.TrimEnd());
    }

    // The superuser may write anywhere but where the system itself says no.
    [Fact]
    public async Task A_folder_that_cannot_be_written_to_is_named_before_work_begins()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/sys is Linux's");

        var (code, error) = await Run("paint", ShippedSamples.Order, "-o", "/sys/out.png");

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("/sys", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_reference_that_is_no_picture_is_named()
    {
        var text = Path.Combine(folder.FullName, "dog.txt");
        await File.WriteAllTextAsync(text, "woof", TestContext.Current.CancellationToken);

        var (code, error) = await Run("paint", "a dog", "-s", $"dog={text}", "-o", Out);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("not a PNG, JPEG or WebP", error, StringComparison.Ordinal);
    }

    private static void WriteWord(string path, float value)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        EmbeddingFile.Write(path, [new(ModelNetwork.TextEncoder, "<word>", TorchSharp.torch.full(1, 192, value))]);
    }

    private static Task<(int Code, string Error)> Run(params string[] args) => Run(TestContext.Current.CancellationToken, args);

    private static async Task<(int Code, string Error)> Run(CancellationToken cancellationToken, params string[] args)
    {
        var (code, _, error) = await CommandRun.Of(cancellationToken, args);
        return (code, error);
    }
}
