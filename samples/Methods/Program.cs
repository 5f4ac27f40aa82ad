// The examples of docs/methods and docs/learning.md, compiled. Run one from the repository's root: dotnet run --project samples/Methods -- paint MsDiffusion
using Dramatis.Samples;

Dictionary<string, Func<Task>> samples = new(StringComparer.OrdinalIgnoreCase)
{
    ["paint MsDiffusion"] = MsDiffusionSample.Paint,
    ["train MsDiffusion"] = MsDiffusionSample.Train,
    ["paint FastComposer"] = FastComposerSample.Paint,
    ["train FastComposer"] = FastComposerSample.Train,
    ["paint EasyRef"] = EasyRefSample.Paint,
    ["paint IpAdapter"] = IpAdapterSample.Paint,
    ["train IpAdapter"] = IpAdapterSample.Train,
    ["learn Learning"] = LearningSample.Learn,
    ["learn Cones2"] = Cones2Sample.Learn,
    ["paint Cones2"] = Cones2Sample.Paint,
    ["learn Lora"] = LoraSample.Learn,
    ["paint Lora"] = LoraSample.Paint,
    ["learn TextualInversion"] = TextualInversionSample.Learn,
    ["paint TextualInversion"] = TextualInversionSample.Paint,
    ["learn DreamBooth"] = DreamBoothSample.Learn,
    ["paint DreamBooth"] = DreamBoothSample.Paint,
    ["learn CustomDiffusion"] = CustomDiffusionSample.Learn,
    ["paint CustomDiffusion"] = CustomDiffusionSample.Paint,
    ["learn Cones"] = ConesSample.Learn,
    ["paint Cones"] = ConesSample.Paint,
};
if (!samples.TryGetValue(string.Join(' ', args), out var run))
{
    Console.Error.WriteLine($"Choose one: {string.Join(", ", samples.Keys)}");
    return 2;
}

await run();
return 0;
