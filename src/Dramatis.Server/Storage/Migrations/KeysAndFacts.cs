using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Dramatis.Server.Storage.Migrations;

/// <summary>Keys, and what all processes are to know.</summary>
[DbContext(typeof(ServiceDb))]
[Migration("0002_keys_and_facts")]
internal sealed class KeysAndFacts : Migration
{
    protected override void Up(MigrationBuilder builder)
    {
        builder.CreateTable(
            "keys",
            table => new
            {
                name = table.Column<string>(),
                id = table.Column<string>(),
                hash = table.Column<string>(),
                role = table.Column<string>(),
                max_queue = table.Column<int>(nullable: true),
                max_work = table.Column<double>(nullable: true),
                created = table.Column<long>(),
                revoked = table.Column<long>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_keys", row => row.name));
        builder.CreateIndex("keys_by_id", "keys", "id", unique: true);
        builder.CreateTable(
            "facts",
            table => new { name = table.Column<string>(), value = table.Column<string>() },
            constraints: table => table.PrimaryKey("pk_facts", row => row.name));
    }
}
