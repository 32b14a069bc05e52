using System.CommandLine;
using VanBanDienTu.Cli.Bench;
using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt bench</c>: figures beside the machine's own limit, as TSV.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Đo tốc độ bên cạnh giới hạn của chính máy này; TSV ra stdout / Measure beside the machine's own limit; TSV on stdout") { Grpc() };

    private static Command Grpc()
    {
        var seconds = new Option<int>("--seconds") { Description = "thời gian đo / how long", DefaultValueFactory = _ => 20 };
        seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 3_600) result.AddError("--seconds: 1–3600.");
        });
        return new Command("grpc", "Lời gọi unary 100 byte so với Kestrel và SocketsHttpHandler trần / 100-byte unary calls beside the bare stack") { seconds }
            .WithExamples("bench grpc", "bench grpc --seconds 60 > grpc.tsv")
            .Does(async (parsed, terminal, ct) =>
            {
                await GrpcBench.RunAsync(terminal.Out, terminal.Error, parsed.GetValue(seconds), ct);
                return ExitCode.Ok;
            });
    }
}
