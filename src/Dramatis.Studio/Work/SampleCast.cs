namespace Dramatis.Studio.Work;

/// <summary>The order of the first page, and the pictures that it names.</summary>
internal static class SampleCast
{
    public static byte[] Read(string name)
    {
        using var stream = typeof(SampleCast).Assembly.GetManifestResourceStream($"sample/{name}")
            ?? throw new InvalidOperationException($"{name} is not among what comes with the program");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
