using System.Runtime.InteropServices;
using Dramatis.Benches.Speed;

namespace Dramatis.Tests.Benches.Speed;

public sealed unsafe class PeakMemoryTests
{
    private const int Block = 512 * 1024 * 1024;

    [Fact]
    public void What_was_held_and_let_go_counts_until_the_next_reset()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the mark cannot be taken back elsewhere");
        PeakMemory.Reset();
        var before = PeakMemory.Bytes;

        var block = NativeMemory.Alloc(Block);
        new Span<byte>(block, Block).Fill(1);
        NativeMemory.Free(block);

        var peak = PeakMemory.Bytes;
        PeakMemory.Reset();
        Assert.InRange(peak - before, Block / 2, long.MaxValue);
        Assert.InRange(peak - PeakMemory.Bytes, Block / 2, long.MaxValue);
    }
}
