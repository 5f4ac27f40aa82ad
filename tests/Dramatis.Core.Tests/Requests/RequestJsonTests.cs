using CsCheck;
using Dramatis.Errors;
using Dramatis.Pictures;
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
    [InlineData("{\"prompt\": \"a\", \"prompt\": \"b\"}", "prompt", "is given twice")]
    [InlineData("{\"prompt\": 3}", "prompt", "a number stands where text belongs.")]
    [InlineData("{\"prompt\": \"a\", \"steps\": \"4\"}", "steps", "wrong kind (line 1, byte 29): text stands where a whole number belongs.")]
    [InlineData("{\"prompt\": \"a\", \"guidance\": \"4\"}", "guidance", "text stands where a number belongs.")]
    [InlineData("{\"prompt\": \"a\", \"long_prompt\": 1}", "long_prompt", "a number stands where true or false belongs.")]
    [InlineData("{\"prompt\": \"a\", \"subjects\": {\"phrase\": \"a\"}}", "subjects", "an object stands where a list in [ ] belongs.")]
    [InlineData("{\"prompt\": \"a\", \"subjects\": [{\"phrase\": \"a\", \"references\": \"a.png\"}]}", "subjects[0].references", "text stands where a list in [ ] belongs.")]
    [InlineData("{\"prompt\": \"a\", \"seed\": 1e3}", "seed", "1e3 is written as a fraction or a power; write 1000.")]
    [InlineData("{\"prompt\": \"a\", \"steps\": 4.0}", "steps", "4.0 is written as a fraction or a power; write 4.")]
    [InlineData("{\"prompt\": \"a\", \"seed\": 1e40}", "seed", "1e40 is not between 0 and 18446744073709551615")]
    [InlineData("{\"prompt\": \"a\", \"steps\": 1.5}", "steps", "1.5 is not a whole number")]
    [InlineData("{\"prompt\": \"a\", \"guidance\": NaN}", "guidance", "")]
    [InlineData("{\"prompt\": \"a\", \"size\": [1.5, 2]}", "size[0]", "wrong kind (line 1, byte 29)")]
    [InlineData("{\"prompt\": \"a\", \"size\": \"1x2\"}", "size", "wrong kind")]
    [InlineData("{\"prompt\": \"a\", \"image\": 3}", "image", "wrong kind")]
    [InlineData("{\"prompt\": \"a\", \"a dot.\": 3}", "a dot.", "is unknown")]
    [InlineData("{\"prompt\": \"a\", \"subjects\": [{\"phrase\": null}]}", "subjects[0].phrase", "is missing; give the words")]
    [InlineData("{\"prompt\": \"a\", \"subjects\": [{\"phrase\": \"a\", \"references\": [\"a\", null]}]}", "subjects[0].references[1]", "name a picture file")]
    [InlineData("{\"prompt\": \"a\", \"size\": [1]}", "size", "has 1 number; write [width, height]")]
    [InlineData("{\"prompt\": \"a\", \"layout\": {\"mode\": \"box\"}}", "layout.mode", "there is boxes, auto, whole")]
    [InlineData("{\"prompt\": \"a\", \"layout\": {\"bindng\": 1}}", "layout.bindng", "did you mean \"binding\"")]
    [InlineData("{\"prompt\": \"a\", \"controls\": [null]}", "controls[0]", "is null")]
    [InlineData("{\"prompt\": \"a\", \"controls\": [{\"picture\": \"a.png\"}]}", "controls[0].model", "is missing")]
    [InlineData("{\"prompt\": \"a\", \"controls\": [{\"model\": \"m\", \"picture\": \"a.png\", \"weight\": 1}]}", "controls[0].weight", "there is model")]
    [InlineData("{\"prompt\": \"a\", \"loras\": [{\"scale\": 1}]}", "loras[0].file", "is missing")]
    [InlineData("{\"prompt\": \"a\", \"frame\": {\"crop\": [0, 0]}}", "frame.original", "is missing")]
    [InlineData("{\"prompt\": \"a\", \"guidance_window\": [0.5]}", "guidance_window", "[start, end]")]
    [InlineData("{\"prompt\": \"a\", \"image\": \"\"}", "image", "is empty")]
    [InlineData("{\"prompt\": \"a\", \"subjects\": [null]}", "subjects[0]", "is null")]
    [InlineData("{\"prompt\": \"a\", \"subjects\": [{\"phrase\": \"a\", \"refrences\": []}]}", "subjects[0].refrences", "did you mean \"references\"")]
    [InlineData("{\"prompt\": \"a\", \"subjects\": [{\"phrase\": \"a\", \"place\": {\"maks\": \"m.png\"}}]}", "subjects[0].place", "{\"mask\": \"file.png\"}")]
    [InlineData("{\"prompt\": \"a\", \"subjects\": [{\"phrase\": \"a\", \"place\": [1, 2, 3, \"4\"]}]}", "subjects[0].place", "four numbers")]
    [InlineData("{\"prompt\": \"a\", \"subjects\": [{\"phrase\": \"a\", \"place\": [1, 2]}]}", "subjects[0].place", "2 numbers")]
    [InlineData("{\"prompt\": \"a\", \"subjects\": [{\"phrase\": \"a\", \"learned\": 3}]}", "subjects[0].learned", "must be a file, a list")]
    [InlineData("{\"prompt\": \"a\", \"subjects\": [{\"phrase\": \"a\", \"learned\": [\"a\", {\"lora\": \"b\"}]}]}", "subjects[0].learned[1]",
        "{\"embedding\": \"file\"}")]
    [InlineData("{\"prompt\": \"a\", \"subjects\": [{\"phrase\": \"a\", \"learned\": [null]}]}", "subjects[0].learned[0]", "must be a file")]
    [InlineData("{\"prompt\": \"a\", \"subjects\": [{\"phrase\": \"a\", \"learned\": \"\"}]}", "subjects[0].learned", "must be a file")]
    [InlineData("{\"prompt\": \"a\", \"subjects\": [{\"phrase\": \"a\", \"references\": [\"data:x\"]}]}", "subjects[0].references[0]", "base 64")]
    [InlineData("{\"prompt\": \"a\", \"seed\": -1}", "seed", "seed: -1 is not between 0 and 18446744073709551615; leave it out for one that is drawn.")]
    [InlineData("{\"prompt\": \"a\", \"seed\": 18446744073709551616}", "seed", "seed: 18446744073709551616 is not between 0 and")]
    [InlineData("{\"prompt\": \"a\", \"seed\": 1.5}", "seed", "1.5 is not a whole number")]
    [InlineData("{\"prompt\": \"a\", \"steps\": 5000000000}", "steps", "5000000000 is not between 1 and 1000")]
    [InlineData("{\"prompt\": \"a\", \"steps\": 1e99}", "steps", "1e99 is not between 1 and 1000")]
    [InlineData("{\"prompt\": \"a\", \"layout\": {\"start_step\": 2.5}}", "layout.start_step", "2.5 is not a whole number")]
    public void What_is_no_request_is_refused_with_its_field(string json, string field, string words)
    {
        var error = Assert.Throws<InvalidRequestException>(() => RequestJson.Parse(json, folder.Path));

        Assert.Equal(field, error.Field);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    // Pictures carry their requests: what is written today must be readable, and the same, for good.
    [Fact]
    public void A_request_is_written_as_ever()
    {
        const string Json = """{"prompt":"a {fox} in ü","negative_prompt":"rain","prompt_weights":true,"long_prompt":true,"subjects":[{"phrase":"fox","references":["fox.png","data:application/octet-stream;base64,AQI="],"reference_masks":["cut.png","b/cut.png"],"place":[0.05,0.1,0.5,1],"strength":0.5,"start":0.1,"end":0.9,"method":"ip-adapter"},{"phrase":"kite","place":{"mask":"place.png"},"learned":"kite.pt"},{"phrase":"sea","learned":["../sea.safetensors",{"embedding":"sea.pt"},{"residual":"r.pt"}]}],"method":"ms-diffusion","model":"./sd15","size":[512,768],"steps":30,"guidance":7.5,"guidance_rescale":0.7,"guidance_window":[0.1,0.8],"sampler":"euler","schedule":"karras","seed":18446744073709551615,"count":2,"image":"start.png","denoise":0.6,"mask":"mask.png","controls":[{"model":"edges","picture":"edges.png","scale":0.8,"start":0.2,"end":0.7,"guess":true,"sees_subjects":true}],"loras":[{"file":"style.safetensors","scale":0.5},{"file":"b"}],"frame":{"original":[1024,768],"crop":[10,20],"target":[64,64]},"vae_tiling":false,"layout":{"mode":"auto","threshold":0.25,"start_step":3,"grounding":false,"file":"guide.json","binding":1,"compat":true}}""";

        Assert.Equal(Json, RequestJson.Write(RequestJson.Parse(Json, folder.Path), folder.Path));
        Assert.Equal("""{"prompt":"a"}""", RequestJson.Write(new() { Prompt = "a" }));
        Assert.Equal("""{"prompt":"a","seed":0}""", RequestJson.Write(new() { Prompt = "a", Seed = 0 }));
    }

    // Pictures and orders of before have a field for each kind.
    [Theory]
    [InlineData("""
        "residual": "a.pt", "lora": "b.pt", "embedding": "c.pt", "learned": "d.pt"
        """)]
    [InlineData("""
        "learned": [{"residual": "a.pt"}, "b.pt"], "embedding": "c.pt", "lora": "d.pt"
        """)]
    public void What_was_learned_is_read_by_its_earlier_names_too(string fields)
    {
        var subject = RequestJson.Parse($$"""{"prompt": "a", "subjects": [{"phrase": "a", {{fields}}}]}""", folder.Path).Subjects[0];

        Assert.Equal(
            [new(folder["a.pt"], LearnedKind.Residual), folder["b.pt"], new(folder["c.pt"], LearnedKind.Embedding), folder["d.pt"]],
            subject.Learned);
    }

    [Fact]
    public void What_is_null_is_as_if_it_were_left_out()
    {
        const string Json = """{"prompt":"a","negative_prompt":null,"prompt_weights":null,"subjects":null,"steps":null,"guidance_window":null,"seed":null,"count":null,"image":null,"controls":null,"layout":null}""";

        Assert.Equal(new GenerationRequest { Prompt = "a" }, RequestJson.Parse(Json, folder.Path));
        Assert.Equal(
            new GenerationRequest { Prompt = "a", Subjects = [new() { Phrase = "a" }], Layout = new() { Binding = 1 } },
            RequestJson.Parse("""{"prompt":"a","subjects":[{"phrase":"a","references":null,"place":null,"start":null,"end":null}],"layout":{"mode":null,"binding":1}}""", folder.Path));
    }

    [Fact]
    public void Paths_in_an_order_file_are_relative_to_it()
    {
        File.WriteAllText(folder["order.json"], """{ "prompt": "a fox", "subjects": [{ "phrase": "fox", "references": ["pictures/fox.png"] }] }""");

        var request = RequestJson.Load(folder["order.json"]);

        Assert.Equal(Path.Combine(folder.Path, "pictures/fox.png"), request.Subjects[0].References[0].Path);
    }

    [Fact]
    public void All_fields_of_an_order_are_read()
    {
        File.WriteAllText(folder["order.json"], """
            { "prompt": "a fox", "negative_prompt": "rain", "size": [512, 768], "guidance_rescale": 0.7, "guidance_window": [0.1, 0.8],
              "schedule": "karras", "image": "start.png", "mask": "mask.png", "denoise": 0.6,
              "subjects": [{ "phrase": "fox", "references": ["fox.png"], "reference_masks": ["cut.png"], "place": { "mask": "place.png" } }],
              "controls": [{ "model": "models/edges", "picture": "edges.png", "scale": 0.8, "start": 0.2, "end": 0.7 }],
              "loras": [{ "file": "style.safetensors", "scale": 0.5 }],
              "frame": { "original": [1024, 768], "crop": [10, 20] } }
            """);

        var request = RequestJson.Load(folder["order.json"]);

        Assert.Equal(new(.1, .8), request.GuidanceWindow);
        Assert.Equal(new() { Model = folder["models/edges"], Picture = InFolder("edges.png"), Scale = .8, Start = .2, End = .7 }, request.Controls[0]);
        Assert.Equal(new(folder["style.safetensors"], .5), request.Loras[0]);
        Assert.Equal(new(new(1024, 768), 10, 20), request.Frame);
        Assert.Equal(
            ["subjects[0].references[0]", "subjects[0].reference_masks[0]", "subjects[0].place", "image", "mask", "controls[0].picture"],
            request.Pictures.Select(item => item.Field));
        Assert.Equal(InFolder("place.png"), request.Subjects[0].PlaceMask);

        Reference InFolder(string name) => Reference.FromFile(folder[name]);
    }

    [Theory]
    [InlineData("{\"prompt\": \"a\", \"ste", "is not valid JSON (line 1, byte 21). It ends early")]
    [InlineData("", "is not valid JSON (line 1, byte 1). It is empty.")]
    [InlineData("{\n  \"prompt\": \"a\",\n}", "is not valid JSON (line 3, byte 1). A comma is too many there")]
    [InlineData("{ 'prompt': 'a' }", "is not valid JSON (line 1, byte 3). Names and texts stand in double quotation marks.")]
    [InlineData("{ \"prompt\": \"a\" \"seed\": 1 }", "is not valid JSON (line 1, byte 17). A comma is missing before it")]
    [InlineData("{ \"prompt\": \"a\", // a dog\n \"seed\": 1 }", "is not valid JSON (line 1, byte 18). There are no comments in JSON")]
    [InlineData("{ \"prompt\": \"ä\", \"seed\": True }", "is not valid JSON (line 1, byte 27). \"True\" is unexpected there")]
    [InlineData("{ \"prompt\": \"a\ndog\" }", "is not valid JSON (line 1, byte 15). A text ends on the line where it begins: write \\n")]
    [InlineData("{ \"prompt\": \"a\" }\n{ \"prompt\": \"b\" }", "is not valid JSON (line 2, byte 1). One whole ends before it")]
    [InlineData("a dog", "is not valid JSON (line 1, byte 1). \"a\" is unexpected there")]
    [InlineData("null", "is null")]
    public void A_file_that_is_no_order_is_named(string text, string problem)
    {
        File.WriteAllText(folder["cut.json"], text);

        var error = Assert.Throws<InvalidRequestException>(() => RequestJson.Load(folder["cut.json"]));

        Assert.Equal(folder["cut.json"], error.Field);
        Assert.StartsWith(problem, error.Problem, StringComparison.Ordinal);
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
        var fraction = Gen.Double[0, 1];
        var file = Gen.Int[0, 9].Select(i => Path.Combine(folder.Path, $"file {i}"));
        var picture = Gen.OneOf(file.Select(Reference.FromFile), Gen.Byte.Array[0, 20].Select(Reference.FromBytes));
        var box = Gen.Select(Gen.Double[0, .4], Gen.Double[0, .4], Gen.Double[.5, 1], Gen.Double[.5, 1], (l, t, r, b) => new Box(l, t, r, b));
        var subject = Gen.Select(Gen.String, picture.List[1, 3], Gen.Int[0, 2], box, picture, Gen.Double[0, 4], fraction, Perhaps(file),
            (phrase, pictures, kind, place, mask, strength, start, other) => new Subject
            {
                Phrase = phrase,
                References = pictures,
                ReferenceMasks = kind == 0 ? pictures : [],
                Place = kind == 1 ? place : null,
                PlaceMask = kind == 2 ? mask : null,
                Strength = strength,
                Start = start,
                Method = kind == 0 ? phrase : null,
                Learned = other is null ? [] : [new(other, (LearnedKind)kind), .. kind == 1 ? [new LearnedFile(other)] : Array.Empty<LearnedFile>()],
            });
        var control = Gen.Select(file, picture, fraction, fraction, (model, shown, scale, start) =>
            new Control { Model = model, Picture = shown, Scale = scale, Start = start });
        var lora = Gen.Select(file, Gen.Double[-4, 4], (weights, scale) => new Lora(weights, scale));
        var frame = Gen.Select(Gen.Int[64, 999], Gen.Int[0, 9], Gen.Bool, (side, cut, whole) =>
            new PictureFrame(new(side, 64), cut, whole ? 0 : 3, whole ? null : new PixelSize(side, side)));
        var plain = Gen.Select(Gen.String, subject.List[0, 3], Gen.Int[1, 50], Gen.Double[0, 20], Gen.ULong, (prompt, cast, steps, guidance, seed) =>
            new GenerationRequest { Prompt = prompt, Subjects = cast, Steps = steps, Guidance = guidance, Seed = seed, Size = new(128, 64) });
        return Gen.Select(plain, Perhaps(picture), control.List[0, 2], lora.List[0, 2], Perhaps(frame), fraction,
            (request, start, controls, loras, shown, share) => request with
            {
                Image = start,
                Mask = start,
                Denoise = start is null ? null : share,
                Controls = controls,
                Loras = loras,
                Frame = shown,
                GuidanceRescale = share,
                GuidanceWindow = new(share, 1),
                Schedule = "karras",
                Count = request.Steps!.Value,
                Layout = new() { Binding = share, Grounding = start is null, Mode = (LayoutMode)(request.Steps.Value % 3) },
            });
    }

    private static Gen<T?> Perhaps<T>(Gen<T> some)
        where T : class => Gen.OneOf(some.Select(value => (T?)value), Gen.Const((T?)null));
}
