using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Dramatis.Server.Storage.Migrations;

/// <summary>Jobs, their events and pictures, and blobs. Columns say no type of a database: each has its own for text and numbers.</summary>
[DbContext(typeof(ServiceDb))]
[Migration("0001_first_tables")]
internal sealed class FirstTables : Migration
{
    protected override void Up(MigrationBuilder builder)
    {
        builder.CreateTable(
            "jobs",
            table => new
            {
                id = table.Column<string>(),
                owner = table.Column<string>(),
                kind = table.Column<string>(),
                request = table.Column<string>(),
                holds = table.Column<string>(),
                state = table.Column<string>(),
                priority = table.Column<int>(),
                attempts = table.Column<int>(),
                lease = table.Column<string>(nullable: true),
                painter = table.Column<string>(nullable: true),
                is_stopping = table.Column<bool>(),
                is_kept = table.Column<bool>(),
                created = table.Column<long>(),
                started = table.Column<long>(nullable: true),
                ended = table.Column<long>(nullable: true),
                events = table.Column<int>(),
                picture = table.Column<int>(),
                step = table.Column<int>(),
                steps = table.Column<int>(),
                error = table.Column<string>(nullable: true),
                error_field = table.Column<string>(nullable: true),
                idempotency_key = table.Column<string>(nullable: true),
                body_hash = table.Column<string>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_jobs", row => row.id));
        builder.CreateIndex("jobs_by_state", "jobs", ["state", "id"]);
        builder.CreateIndex("jobs_by_owner", "jobs", ["owner", "id"]);
        builder.CreateIndex("jobs_by_key", "jobs", ["owner", "idempotency_key"], unique: true);
        builder.CreateTable(
            "events",
            table => new
            {
                job = table.Column<string>(),
                number = table.Column<int>(),
                kind = table.Column<string>(),
                data = table.Column<string>(),
            },
            constraints: table => table.PrimaryKey("pk_events", row => new { row.job, row.number }));
        builder.CreateTable(
            "pictures",
            table => new
            {
                id = table.Column<string>(),
                job = table.Column<string>(),
                owner = table.Column<string>(),
                number = table.Column<int>(),
                blob = table.Column<string>(),
                seed = table.Column<string>(),
                width = table.Column<int>(),
                height = table.Column<int>(),
                created = table.Column<long>(),
                is_kept = table.Column<bool>(),
            },
            constraints: table => table.PrimaryKey("pk_pictures", row => row.id));
        builder.CreateIndex("pictures_by_job", "pictures", ["job", "number"], unique: true);
        builder.CreateIndex("pictures_by_owner", "pictures", ["owner", "id"]);
        builder.CreateTable(
            "blobs",
            table => new
            {
                id = table.Column<string>(),
                owner = table.Column<string>(),
                width = table.Column<int>(),
                height = table.Column<int>(),
                bytes = table.Column<long>(),
                created = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("pk_blobs", row => new { row.id, row.owner }));
        builder.CreateTable(
            "uses",
            table => new { job = table.Column<string>(), blob = table.Column<string>() },
            constraints: table => table.PrimaryKey("pk_uses", row => new { row.job, row.blob }));
        builder.CreateIndex("uses_by_blob", "uses", "blob");
    }
}
