using CsCheck;
using Dramatis.Errors;
using Dramatis.Requests;

namespace Dramatis.Tests.Requests;

public sealed class RequestJsonTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("{\"prompt\":\"a\",\"prompt_weights\":true}")]
    [InlineData("{\"prompt\":\"a\",\"long_prompt\":true}")]
    [InlineData("{\"prompt\":\"a\",\"vae_tiling\":false}")]
    [InlineData("{\"prompt\":\"a\",\"vae_tiling\":true}")]
    public void Ways_to_read_and_decode_are_kept_and_make_a_request_another(string json)
    {
        var request = RequestJson.Parse(json, folder.Path);

        Assert.NotEqual(new GenerationRequest { Prompt = "a" }, request);
        Assert.Equal(request, RequestJson.Parse(RequestJson.Write(request), folder.Path));
    }

    [Theory]
    [InlineData("", "request", "not valid JSON")]
    [InlineData("{\"prompt\": \"a\"", "request", "line 1")]
    [InlineData("null", "request", "is null")]
    [InlineData("{}", "prompt", "is missing")]
    [InlineData("{\"promt\": \"a\"}", "promt", "did you mean \"prompt\"")]
    [InlineData("{\"prompt\": \"a\", \"prompt\": \"b\"}", "prompt", "")]
    [InlineData("{\"prompt\": 3}", "prompt", "wrong kind")]
    [InlineData("{\"prompt\": \"a\", \"steps\": 1.5}", "steps", "wrong kind")]
    [InlineData("{\"prompt\": \"a\", \"guidance\": NaN}", "guidance", "")]
    [InlineData("{\"prompt\": \"a\", \"size\": [1]}", "size", "[width, height]")]
    [InlineData("{\"prompt\": \"a\", \"controls\": []}", "controls", "not supported yet")]
    [InlineData("{\"prompt\": \"a\", \"layout\": {\"mode\": \"box\"}}", "layout.mode", "there is boxes, auto, whole")]
    [InlineData("{\"prompt\": \"a\", \"layout\": {\"bindng\": 1}}", "layout.bindng", "did you mean \"binding\"")]
    [InlineData("{\"prompt\": \"a\", \"subjects\": [null]}", "subjects[0]", "is null")]
    [InlineData("{\"prompt\": \"a\", \"subjects\": [{\"phrase\": \"a\", \"refrences\": []}]}", "subjects[0].refrences", "did you mean \"references\"")]
    [InlineData("{\"prompt\": \"a\", \"subjects\": [{\"phrase\": \"a\", \"place\": {\"mask\": \"m.png\"}}]}", "subjects[0].place", "masks are not supported yet")]
    [InlineData("{\"prompt\": \"a\", \"subjects\": [{\"phrase\": \"a\", \"place\": [1, 2]}]}", "subjects[0].place", "2 numbers")]
    [InlineData("{\"prompt\": \"a\", \"subjects\": [{\"phrase\": \"a\", \"references\": [\"data:x\"]}]}", "subjects[0].references[0]", "base 64")]
    public void What_is_no_request_is_refused_with_its_field(string json, string field, string words)
    {
        var error = Assert.Throws<InvalidRequestException>(() => RequestJson.Parse(json, folder.Path));

        Assert.Equal(field, error.Field);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_in_an_order_file_are_relative_to_it()
    {
        File.WriteAllText(folder["order.json"], """{ "prompt": "a fox", "subjects": [{ "phrase": "fox", "references": ["pictures/fox.png"] }] }""");

        var request = RequestJson.Load(folder["order.json"]);

        Assert.Equal(Path.Combine(folder.Path, "pictures/fox.png"), request.Subjects[0].References[0].Path);
    }

    [Fact]
    public void A_missing_order_file_is_named()
    {
        var error = Assert.Throws<InvalidRequestException>(() => RequestJson.Load(folder["none.json"]));

        Assert.Contains("none.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_written_and_read_is_the_same()
    {
        Requests().Sample(request => Assert.Equal(request, RequestJson.Parse(RequestJson.Write(request, folder.Path), folder.Path)), iter: 200);
    }

    private Gen<GenerationRequest> Requests()
    {
        var reference = Gen.OneOf(
            Gen.Int[0, 9].Select(i => Reference.FromFile(Path.Combine(folder.Path, $"picture {i}.png"))),
            Gen.Byte.Array[0, 20].Select(Reference.FromBytes));
        var place = Gen.Select(Gen.Double[0, .4], Gen.Double[0, .4], Gen.Double[.5, 1], Gen.Double[.5, 1], (l, t, r, b) => (Box?)new Box(l, t, r, b));
        var subject = Gen.Select(Gen.String, reference.List[1, 3], Gen.OneOf(place, Gen.Const((Box?)null)), Gen.Double[0, 4], Gen.Double[0, 1], Gen.OneOf(Gen.String, Gen.Const((string?)null)), (phrase, pictures, box, strength, start, method) =>
            new Subject { Phrase = phrase, References = pictures, Place = box, Strength = strength, Start = start, Method = method });
        return Gen.Select(Gen.String, subject.List[0, 3], Gen.Int[1, 50], Gen.Double[0, 20], Gen.ULong, (prompt, cast, steps, guidance, seed) =>
            new GenerationRequest { Prompt = prompt, Subjects = cast, Steps = steps, Guidance = guidance, Seed = seed, Size = new(128, 64), Layout = new() { Binding = guidance / 4, Grounding = steps > 25, Mode = (LayoutMode)(steps % 3) } });
    }
}
