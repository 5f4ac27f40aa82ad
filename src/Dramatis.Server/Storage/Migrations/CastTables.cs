using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Dramatis.Server.Storage.Migrations;

/// <summary>Saved subjects, and what was learned of them.</summary>
[DbContext(typeof(ServiceDb))]
[Migration("0002_cast")]
internal sealed class CastTables : Migration
{
    protected override void Up(MigrationBuilder builder)
    {
        builder.AddColumn<string>("cast", "jobs", nullable: true);
        builder.CreateTable(
            "cast",
            table => new
            {
                id = table.Column<string>(),
                owner = table.Column<string>(),
                name = table.Column<string>(),
                phrase = table.Column<string>(),
                pictures = table.Column<string>(),
                masks = table.Column<string>(),
                created = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("pk_cast", row => row.id));
        builder.CreateIndex("cast_by_name", "cast", ["owner", "name"], unique: true);
        builder.CreateTable(
            "learned",
            table => new
            {
                job = table.Column<string>(),
                id = table.Column<string>(),
                cast = table.Column<string>(),
                owner = table.Column<string>(),
                method = table.Column<string>(),
                model = table.Column<string>(),
                words = table.Column<string>(),
                phrase = table.Column<string>(nullable: true),
                created = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("pk_learned", row => row.job));
        builder.CreateIndex("learned_by_cast", "learned", ["cast", "job"]);
        builder.CreateIndex("learned_by_id", "learned", ["id", "owner"]);
    }
}
