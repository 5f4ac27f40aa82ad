using SkiaSharp;

namespace Dramatis.Toybox;

/// <summary>Pictures of an animated WebP.</summary>
internal static class Animation
{
    /// <summary>Some of its frames, evenly spread after the first; none when it does not move.</summary>
    public static IEnumerable<SKBitmap> Frames(byte[] encoded, int count)
    {
        using var data = SKData.CreateCopy(encoded);
        using var codec = SKCodec.Create(data);
        if (codec is null || codec.FrameCount <= count)
        {
            yield break;
        }

        // Each frame is drawn over the one before.
        using var canvas = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        int[] wanted = [.. Enumerable.Range(1, count).Select(i => i * codec.FrameCount / (count + 1))];
        for (var frame = 0; frame <= wanted[^1]; frame++)
        {
            if (codec.GetPixels(canvas.Info, canvas.GetPixels(), new SKCodecOptions(frame, frame - 1)) != SKCodecResult.Success)
            {
                yield break;
            }

            if (wanted.Contains(frame))
            {
                yield return canvas.Copy();
            }
        }
    }
}
