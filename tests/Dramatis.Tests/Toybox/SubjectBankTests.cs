using Dramatis.Toybox;

namespace Dramatis.Tests.Toybox;

public sealed class SubjectBankTests
{
    private const int Families = 108;
    private const int CommonNames = 200;

    [Fact]
    public void The_bank_in_the_repository_holds_all_held_out_families_and_the_commonest_names()
    {
        var bank = BenchBank.Bank;

        Assert.Equal(Families, bank.HeldOut.Select(i => bank.Subjects[i].Family).Distinct().Count());
        Assert.Equal(CommonNames, bank.Seen.Count);
        Assert.All(bank.Seen, i => Assert.True(bank.Subjects[i].IsBaseForm));
    }

    [Fact]
    public void A_compact_bank_keeps_the_split()
    {
        var folder = Directory.CreateTempSubdirectory("dramatis-bank-");

        var count = BenchBank.Bank.SaveCompact(folder.FullName);
        var packed = SubjectBank.Load(folder.FullName);

        Assert.Equal(count, packed.Subjects.Count);
        Assert.Equal(BenchBank.Bank.Common.Count, packed.Seen.Count);
        Assert.Equal(BenchBank.Bank.HeldOut.Select(i => BenchBank.Bank.Subjects[i]), packed.HeldOut.Select(i => packed.Subjects[i]));
        folder.Delete(recursive: true);
    }
}
