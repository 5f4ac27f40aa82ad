using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Dramatis.Server.Storage.Migrations;

/// <summary>Which processes the service has.</summary>
[DbContext(typeof(ServiceDb))]
[Migration("0003_silos")]
internal sealed class SiloTables : Migration
{
    protected override void Up(MigrationBuilder builder)
    {
        builder.CreateTable(
            "clusters",
            table => new { id = table.Column<string>(), version = table.Column<int>() },
            constraints: table => table.PrimaryKey("pk_clusters", row => row.id));
        builder.CreateTable(
            "silos",
            table => new
            {
                id = table.Column<string>(),
                cluster = table.Column<string>(),
                status = table.Column<int>(),
                host = table.Column<string>(),
                name = table.Column<string>(),
                gateway = table.Column<int>(),
                started = table.Column<long>(),
                alive = table.Column<long>(),
                suspects = table.Column<string>(),
                change = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("pk_silos", row => new { row.cluster, row.id }));
    }
}
