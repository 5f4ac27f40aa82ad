// The examples of docs/library.md, compiled. Run one from the repository's root: dotnet run --project samples/Library -- first
using Dramatis.Samples;

Dictionary<string, Func<Task>> samples = new(StringComparer.OrdinalIgnoreCase)
{
    ["first"] = FirstSample.Paint,
    ["stream"] = StreamSample.Paint,
    ["stop"] = StopSample.Paint,
    ["together"] = TogetherSample.Paint,
    ["many"] = ManySample.Paint,
    ["ai"] = ImageGeneratorSample.Paint,
    ["painter"] = PainterSample.Paint,
};
if (!samples.TryGetValue(string.Join(' ', args), out var run))
{
    Console.Error.WriteLine($"Choose one: {string.Join(", ", samples.Keys)}");
    return 2;
}

await run();
return 0;
