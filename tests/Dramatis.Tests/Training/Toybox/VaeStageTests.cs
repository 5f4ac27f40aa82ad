using Dramatis.Tests.Toybox;
using Dramatis.Toybox;
using Dramatis.Training.Toybox;
using TorchSharp;

namespace Dramatis.Tests.Training.Toybox;

public sealed class VaeStageTests
{
    private static readonly VaeRecipe Recipe = VaeRecipe.Large with
    {
        Network = ToyboxSizes.Vae with { BlockWidths = [16, 16, 16] },
        Scenes = SceneOptions.Lit with { Side = 64 },
        Crop = 32,
        Judged = 2,
        JudgedGrounds = 1,
    };

    [Theory]
    [InlineData(0, 4, 32)]
    [InlineData(80, 1, 64)]
    public void Squares_come_first_and_make_up_the_area_of_a_picture(long step, int pictures, int side)
    {
        var scenes = new VaeScenes(new(BenchBank.Bank, Recipe.Scenes.Grounds(1, 1), 1, Recipe.Scenes), Recipe, 1);

        using var pixels = scenes.Draw(step, 1, step / 100.0).ToPixels(torch.CPU);

        Assert.Equal([pictures, 3, side, side], pixels.shape);
    }

    [Fact]
    public void Its_loss_counts_decibels_and_its_evaluation_what_is_kept()
    {
        using var stage = new VaeStage(BenchBank.Bank, Recipe.Scenes.Grounds(1, 1), 1, recipe: Recipe);
        using var loss = stage.Loss(new(new(0, 100), 0, 1));
        var folder = Directory.CreateTempSubdirectory("dramatis-test-");

        try
        {
            var figures = stage.Evaluate(new(0, 100), folder.FullName);

            Assert.Equal(["pixels", "edges", "colours", "latents", "squares"], loss.Parts.Select(part => part.Name));
            Assert.Equal(["psnr_held_out", "psnr_inside", "edges_inside"], figures.Keys);
            Assert.All(figures.Values, value => Assert.True(double.IsFinite(value)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void With_the_latents_kept_only_the_decoder_learns()
    {
        using var stage = new VaeStage(BenchBank.Bank, Recipe.Scenes.Grounds(1, 1), 1, recipe: Recipe with { KeepsLatents = true });
        using var loss = stage.Loss(new(new(0, 100), 0, 1));

        loss.Total.backward();

        Assert.Equal(["pixels", "edges", "colours", "squares"], loss.Parts.Select(part => part.Name));
        Assert.Equal(
            ["decoder", "post_quant_conv"],
            stage.Networks.named_parameters().Where(item => item.parameter.grad is not null).Select(item => item.name.Split('.')[0]).Distinct().Order());
    }
}
