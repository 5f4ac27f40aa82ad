using Dramatis.Tests.Toybox;
using Dramatis.Toybox;
using Dramatis.Training.Toybox;

namespace Dramatis.Tests.Training.Toybox;

public sealed class BaseOrderMakerTests : IDisposable
{
    private const int Scenes = 12;
    private const int Orders = 40;
    private const int Side = 32;

    private static readonly BaseRecipe AllByName = new() { NamedOrders = 1, TextDropped = 0 };

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;
    private readonly Backgrounds backgrounds = SceneOptions.Lit.Grounds(1);
    private readonly LatentPool pool;

    public BaseOrderMakerTests()
    {
        var maker = new SceneMaker(BenchBank.Bank, backgrounds, 1, SceneOptions.Lit);
        var scenes = Enumerable.Range(0, Scenes).Select(i => maker.Make(i)).Select(scene => new PoolScene(scene.Background, scene.Parts)).ToArray();
        pool = LatentPool.Write(folder, new(1, Scenes, 0, "none"), [1, 2, 2], scenes, stream => stream.Write(new byte[Scenes * 4 * 2]));
    }

    public void Dispose()
    {
        pool.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Some_orders_lay_no_reference_and_some_references_of_the_others_are_not_laid()
    {
        var recipe = new BaseRecipe { NamedOrders = 0, ReferencesDropped = 0, NameOnly = 0 };

        Assert.All(Make(recipe with { NoCollage = 1 }).SelectMany(order => order.Cast), subject => Assert.False(subject.IsLaid));
        Assert.All(Make(recipe with { NoCollage = 0, NotLaid = 1 }).SelectMany(order => order.Cast), subject => Assert.False(subject.IsLaid));
        Assert.All(Make(recipe with { NoCollage = 0, NotLaid = 0 }).SelectMany(order => order.Cast), subject => Assert.True(subject.IsLaid));
        var mixed = Make(recipe with { NoCollage = .5, NotLaid = 0 });
        Assert.All(mixed, order => Assert.True(order.Cast.DistinctBy(subject => subject.IsLaid).Count() <= 1));
        Assert.Equal([false, true], mixed.SelectMany(order => order.Cast).Select(subject => subject.IsLaid).Distinct().Order());
    }

    [Fact]
    public void Held_words_are_the_phrases_of_what_stands_there()
    {
        foreach (var order in Make(AllByName with { BoundWords = 1 }))
        {
            var parts = pool.Scenes[order.Scene].Parts;
            Assert.Equal(parts.Select(part => part.Place), order.Words.Select(words => words.Place));
            Assert.Equal(parts.Select(part => part.Phrase), order.Words.Select(words => order.Caption[words.Words]));
            Assert.All(order.Words, words => Assert.Null(words.Shown));
        }
    }

    [Fact]
    public void A_picture_in_a_word_s_place_has_the_sides_of_its_subject_or_a_square_s_and_the_word_is_often_another()
    {
        var shown = Make(AllByName with { BoundWords = 1, ShownWords = 1 })
            .SelectMany(order => order.Words.Zip(pool.Scenes[order.Scene].Parts, (words, part) => (order, words, part))).ToArray();

        Assert.NotEmpty(shown);
        Assert.All(shown, item =>
        {
            var picture = item.words.Shown!.Picture;
            Assert.Equal(Side, Math.Max(picture.Width, picture.Height));
            var (own, wanted) = ((double)picture.Width / picture.Height, item.part.Place.Width / item.part.Place.Height);
            Assert.True(own == 1 || Math.Abs(own - wanted) < 2.0 / Math.Min(picture.Width, picture.Height));
            Assert.Equal(BenchBank.Bank.Subjects[item.part.Subject].Name, item.words.Shown.Name);
        });
        Assert.Contains(shown, item => item.words.Shown!.Picture.Width != item.words.Shown.Picture.Height);
        Assert.Contains(shown, item => item.order.Caption[item.words.Words] == item.part.Phrase);
        Assert.Contains(shown, item => item.order.Caption[item.words.Words] == "thing");
        Assert.Contains(shown, item => item.order.Caption[item.words.Words] != item.part.Phrase && item.order.Caption[item.words.Words] != "thing");
    }

    [Fact]
    public void Without_held_words_captions_say_all_there_is() =>
        Assert.All(Make(AllByName), order => Assert.Empty(order.Words));

    [Fact]
    public void Without_a_text_there_are_no_words() =>
        Assert.All(Make(AllByName with { BoundWords = 1, TextDropped = 1 }), order => Assert.Equal(("", 0), (order.Caption, order.Words.Count)));

    [Fact]
    public void A_batch_has_each_shown_token_once_and_in_order()
    {
        var tokenizer = ToyboxSizes.Tokenizer();
        var recipe = AllByName with { BoundWords = 1, ShownWords = 1 };
        var batches = new BaseBatchMaker(Maker(recipe), pool, recipe, tokenizer, new(1, 10, tokenizer.Options.MaxLength, tokenizer.PaddingId, Side));

        var batch = batches.Make(0, Orders, progress: 0);

        Assert.Equal(batch.Shown.Select(token => (token.Order, token.Token)).Distinct().Order(), batch.Shown.Select(token => (token.Order, token.Token)));
        Assert.All(batch.Shown, token => Assert.Contains(batch.Words[token.Order], span => span.End - 1 == token.Token));
        Assert.Equal(batch.Orders.Select(order => order.Words.Count), batch.Words.Select(spans => spans.Count));
        using var words = batch.ToWords()!;
        Assert.Equal(batch.Shown.Count, words.Shown!.Pixels.shape[0]);
        Assert.Equal([Orders, words.Most, tokenizer.Options.MaxLength], words.Words.shape);
    }

    private IEnumerable<BaseOrder> Make(BaseRecipe recipe) => Enumerable.Range(0, Orders).Select(i => Maker(recipe).Make(i));

    private BaseOrderMaker Maker(BaseRecipe recipe) => new(pool, BenchBank.Bank, new(BenchBank.Bank, backgrounds), recipe, seed: 1, Side);
}
