using Dramatis.Studio.Stages;

namespace Dramatis.Studio.Tests.Stages;

public sealed class StageHistoryTests
{
    [Fact]
    public void Everything_is_undone_and_done_again()
    {
        var history = new StageHistory();
        var stages = Enumerable.Range(0, 5).Select(Of).ToList();
        stages.ForEach(stage => history.Apply(stage));

        for (var i = 3; i >= 0; i--)
        {
            Assert.True(history.Undo());
            Assert.Equal(stages[i], history.Current);
        }

        Assert.True(history.Undo());
        Assert.False(history.Undo());
        Assert.Equal(Stage.Empty, history.Current);
        while (history.Redo())
        {
        }

        Assert.Equal(stages[4], history.Current);
    }

    [Fact]
    public void A_word_that_is_typed_is_one_step()
    {
        var history = new StageHistory();
        foreach (var text in new[] { "f", "fo", "fox" })
        {
            history.Apply(Of(text), "prompt");
        }

        history.Apply(Of(7), "steps");
        history.Undo();

        Assert.Equal(Of("fox"), history.Current);
        history.Undo();
        Assert.Equal(Stage.Empty, history.Current);
    }

    [Fact]
    public void A_change_after_undo_ends_what_could_be_done_again()
    {
        var history = new StageHistory();
        history.Apply(Of(1));
        history.Undo();
        history.Apply(Of(2));

        Assert.False(history.CanRedo);
        Assert.False(history.Apply(Of(2)));
    }

    private static Stage Of(int steps) => Stage.Empty with { Order = Stage.Empty.Order with { Steps = steps + 1 } };

    private static Stage Of(string prompt) => Stage.Empty with { Order = Stage.Empty.Order with { Prompt = prompt } };
}
