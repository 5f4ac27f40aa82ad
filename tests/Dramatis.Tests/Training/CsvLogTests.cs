using Dramatis.Errors;
using Dramatis.Training;

namespace Dramatis.Tests.Training;

public sealed class CsvLogTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("step,loss,learning_rate,gradient_norm\n1,.5,1,1\n2,much,1,1\n", 3)]
    [InlineData("step,loss,learning_rate,gradient_norm\n1\n", 2)]
    public void A_log_that_is_damaged_is_told_by_its_line(string text, int line)
    {
        File.WriteAllText(Path.Combine(folder.FullName, LossLog.FileName), text);

        var error = Assert.Throws<InvalidDataSetException>(() => LossLog.Read(folder.FullName));

        Assert.Contains($"loss.csv: is damaged in line {line}. Remove it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_was_being_written_when_its_run_was_killed_is_dropped_when_it_goes_on()
    {
        File.WriteAllText(Path.Combine(folder.FullName, LossLog.FileName), "step,loss,learning_rate,gradient_norm\n1,.5,1,1\n2,.");
        new LossLog(folder.FullName, steps: 1).Dispose();

        Assert.Equal([.5], LossLog.Read(folder.FullName));
    }
}
