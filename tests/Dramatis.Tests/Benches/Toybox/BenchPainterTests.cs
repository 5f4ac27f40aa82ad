using Dramatis.Benches.Toybox;
using Dramatis.Requests;
using Dramatis.Tests.Toybox;
using Dramatis.Toybox;
using Dramatis.Weights;

namespace Dramatis.Tests.Benches.Toybox;

public sealed class BenchPainterTests
{
    [Fact]
    public void Orders_by_name_are_text_alone_for_methods_that_read_no_words()
    {
        var paint = BenchPainter.Open(
            ModelFolder.Open(ToyboxFolder.Path), new("ip-adapter", new() { Mode = LayoutMode.Boxes }), TestContext.Current.CancellationToken);

        Assert.Single(paint(new ToyboxOrders(BenchBank.Bank, seed: 1).MakeByName(1)));
    }
}
