using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Dramatis.Server.Storage.Migrations;

/// <summary>The trace that a job was asked for in.</summary>
[DbContext(typeof(ServiceDb))]
[Migration("0004_traces_of_jobs")]
internal sealed class JobTraces : Migration
{
    protected override void Up(MigrationBuilder builder) => builder.AddColumn<string>("trace", "jobs", nullable: true);
}
