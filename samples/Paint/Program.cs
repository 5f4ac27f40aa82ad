// Paints two subjects with the embedded model. Run it from the repository's root: dotnet run --project samples/Paint
using Dramatis.Pipelines;
using Dramatis.Requests;

var request = new GenerationRequest
{
    Prompt = "a {panda} and a {rose} on a beach",
    Subjects =
    [
        new() { Phrase = "panda", References = [Reference.FromFile("samples/subjects/panda.png")], Place = new(.05, .35, .47, .92) },
        new() { Phrase = "rose", References = [Reference.FromFile("samples/subjects/rose.png")], Place = new(.55, .30, .95, .92) },
    ],
    Steps = 30,
    Seed = 1,
};
using var generator = ImageGenerator.Open("models/toybox");
var pictures = await generator.PaintAsync(request);
File.WriteAllBytes("out.png", pictures[0].Png);
