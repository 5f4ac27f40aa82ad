using Dramatis.Benches.FastComposer;

namespace Dramatis.Tests.Benches.FastComposer;

public sealed class EvaluationPromptsTests
{
    [Fact]
    public void The_published_evaluation_has_15_people_105_pairs_40_and_21_prompts()
    {
        Assert.Equal(15, EvaluationSubjects.All.DistinctBy(subject => subject.Id).Count());
        Assert.Equal(105, EvaluationSubjects.Pairs(EvaluationSubjects.All).Distinct().Count());
        Assert.Equal(40, EvaluationPrompts.Of("man").Distinct().Count());
        Assert.Equal(21, EvaluationPrompts.OfTwo("man", "woman").Distinct().Count());
    }

    [Fact]
    public void A_prompt_is_painted_with_the_mark_and_scored_without()
    {
        Assert.Equal("a painting of a woman img in the style of Banksy", EvaluationPrompts.Of("woman")[10]);
        Assert.Equal("a painting of a woman  in the style of Banksy", EvaluationPrompts.Scored("woman")[10]);
        Assert.Equal("a painting of a <new1> woman in the style of Banksy", EvaluationPrompts.Of("woman", "<new1>")[10]);
        Assert.Equal("a photo of a man img and a woman img together in the snow", EvaluationPrompts.OfTwo("man", "woman")[16]);
        Assert.Equal("a photo of a man  and a woman  together in the snow", EvaluationPrompts.ScoredOfTwo("man", "woman")[16]);
    }
}
