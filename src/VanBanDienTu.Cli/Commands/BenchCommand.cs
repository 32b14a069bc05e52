using System.CommandLine;
using VanBanDienTu.Cli.Bench;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt bench</c>: figures beside the machine's own limit, as TSV.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Đo tốc độ bên cạnh giới hạn của chính máy này; TSV ra stdout / Measure beside the machine's own limit; TSV on stdout")
    {
        Pdf("sign", "Ký, tự kiểm tra kết quả mỗi lần / Signatures, each output verified", SignAsync),
        Pdf("verify", "Kết luận trọn vẹn về tệp đã ký, 64 người ký luân phiên / Whole verdicts, 64 signers in rotation", VerifyAsync),
        Relay(),
        Inner("relay-load", "Tạo tải và nhận ở đầu kia cho «bench relay», do nó tự gọi / Load and sink of «bench relay», started by it", RelayLoadProcess.RunAsync),
        Inner("relay-node", "Một nút được đo của «bench relay --shape pair», do nó tự gọi / A measured node of «bench relay --shape pair», started by it", RelayNodeProcess.RunAsync),
        Evidence(),
        Grpc(),
        Fuzz(),
    };

    private static Task SignAsync(BenchRows rows, PdfBenchOrder order, CancellationToken ct) =>
        IsLarge(order) ? LargeFileBench.SignAsync(rows, order, ct)
        : order.Level == BaselineLevel.Timestamped ? TimestampedSigningBench.RunAsync(rows, order, ct)
        : SigningBench.RunAsync(rows, order, ct);

    private static Task VerifyAsync(BenchRows rows, PdfBenchOrder order, CancellationToken ct) =>
        IsLarge(order) ? LargeFileBench.VerifyAsync(rows, order, ct) : VerificationBench.RunAsync(rows, order, ct);

    private static bool IsLarge(PdfBenchOrder order) => (order.Size ?? new FileInfo(order.Pdf).Length) > SigningLimit.LargeBytes;

    private static Command Pdf(string name, string description, Func<BenchRows, PdfBenchOrder, CancellationToken, Task> run)
    {
        var sign = name == "sign";
        var pdf = new Option<string>("--pdf") { Description = "tệp PDF dùng để đo / the PDF", HelpName = "FILE", Required = true };
        var key = new Option<string>("--key-type") { Description = "loại khóa / key type", DefaultValueFactory = _ => BenchKeyType.Words[0] };
        key.AcceptOnlyFromAmong(BenchKeyType.Words);
        var level = new Option<string>("--level") { Description = "mức chữ ký / level", DefaultValueFactory = _ => "B-B" };
        level.AcceptOnlyFromAmong("B-B", sign ? "B-T" : "B-LT");
        var threads = Number("--threads", "số luồng / threads", 1, 256);
        var inFlight = Number("--in-flight", "với B-T: số chữ ký cùng chờ dấu thời gian / with B-T: signatures waiting at a time", 32, 1_000);
        var folder = Number("--folder", "số tệp của thư mục được kiểm tra / files of the folder that is verified", 64, 1_000_000, least: 64);
        var size = Number("--size", "MiB của một tệp lớn tự tạo, thay cho --pdf / MiB of a large file made here instead of --pdf", 0, 1 << 20, least: 0);
        var seconds = Number("--seconds", "thời gian đo / how long", 10, 3_600);
        var peers = new Option<string?>("--peers") { Description = "TSV của chương trình khác, hoặc thư mục có chương trình «run» đo ngay / what other programs did, as TSV, or a folder whose program «run» measures them now", HelpName = "FILE|DIR" };
        return new Command(name, description) { pdf, key, level, threads, sign ? inFlight : folder, size, seconds, peers }
            .WithExamples($"bench {name} --pdf cong-van.pdf", $"bench {name} --pdf bao-cao.pdf --key-type p256 --threads 2 --seconds 30", $"bench {name} --pdf cong-van.pdf --size 500",
                sign ? "bench sign --pdf cong-van.pdf --level B-T --in-flight 32" : "bench verify --pdf cong-van.pdf --folder 10000 --threads 2")
            .Does(async (parsed, terminal, ct) =>
            {
                var file = parsed.GetRequiredValue(pdf);
                if (!File.Exists(file)) throw CommandException.NoInput(file);
                await run(new BenchRows(terminal.Out), new PdfBenchOrder
                {
                    Pdf = file, KeyType = parsed.GetRequiredValue(key), Level = BaselineLevels.Parse(parsed.GetRequiredValue(level))!.Value,
                    Threads = parsed.GetValue(threads), InFlight = sign ? parsed.GetValue(inFlight) : 1, Folder = sign ? null : parsed.GetValue(folder),
                    Size = parsed.GetValue(size) is > 0 and var mebibytes ? (long)mebibytes << 20 : null, Seconds = parsed.GetValue(seconds), Peers = parsed.GetValue(peers),
                }, ct);
                return ExitCode.Ok;
            });
    }

    private static Command Relay()
    {
        var shape = new Option<string>("--shape") { Description = "hub: nhận, lưu, chuyển tiếp; accept: chỉ nhận và lưu; chain: đơn vị → bộ → Chính phủ, ký, kiểm tra, 01 về / store and forward; take and keep only; three nodes, signed, verified, 01 back; pair: hai cổng chung một PostgreSQL, mỗi cổng 40 % một nhân / two gateways on one PostgreSQL, 40 % of a core each", DefaultValueFactory = _ => RelayBench.Hub };
        shape.AcceptOnlyFromAmong(RelayBench.Hub, RelayBench.Accept, ChainBench.Shape, PairBench.Shape);
        var storage = new Option<string>("--storage") { Description = "nơi lưu của nút được đo / the measured node's storage", DefaultValueFactory = _ => "sqlite" };
        storage.AcceptOnlyFromAmong("sqlite", "postgres");
        var connection = new Option<string?>("--connection-file") { Description = "tệp chứa chuỗi kết nối PostgreSQL, cơ sở dữ liệu dành riêng để đo / file with the connection string of a PostgreSQL database made for this", HelpName = "FILE" };
        var parked = Number("--parked", "số văn bản chờ một nơi nhận đã chết, gửi trước khi đo / documents waiting for a dead destination, sent first", 0, 10_000_000, least: 0);
        var size = Number("--size", "byte của một văn bản / bytes of a document", 200 << 10, 64 << 20);
        var inFlight = Number("--in-flight", "số văn bản cùng lúc / documents at a time", 64, 1_000);
        var seconds = Number("--seconds", "thời gian đo / how long", 10, 3_600);
        return new Command("relay", "Nút thật, bền, qua gRPC và mTLS nội máy / A real, durable node over gRPC and mTLS on loopback") { shape, size, storage, connection, inFlight, seconds, parked }
            .WithExamples("bench relay --shape hub", "bench relay --shape accept --size 20480 --seconds 30", "bench relay --shape chain --in-flight 32", "bench relay --parked 1000000",
                "bench relay --storage postgres --connection-file pg", "bench relay --shape pair --connection-file pg --size 20480")
            .Does(async (parsed, terminal, ct) =>
            {
                var (rows, file) = (new BenchRows(terminal.Out), parsed.GetValue(connection) is { } named ? Path.GetFullPath(named) : null);
                if (parsed.GetRequiredValue(shape) == ChainBench.Shape)
                {
                    await ChainBench.RunAsync(rows, parsed.GetValue(inFlight), parsed.GetValue(seconds), ct);
                    return ExitCode.Ok;
                }

                var pair = parsed.GetRequiredValue(shape) == PairBench.Shape;
                var postgres = !pair && parsed.GetRequiredValue(storage) != "postgres" ? null : file ?? throw new CommandException(
                    ExitCode.Usage, "PostgreSQL cần --connection-file.", "PostgreSQL needs --connection-file.");
                if (pair)
                {
                    await PairBench.RunAsync(rows, postgres!, parsed.GetValue(size), parsed.GetValue(inFlight), parsed.GetValue(seconds), ct);
                    return ExitCode.Ok;
                }

                await RelayBench.RunAsync(rows, parsed.GetRequiredValue(shape), parsed.GetValue(size), parsed.GetValue(inFlight), parsed.GetValue(seconds), parsed.GetValue(parked), postgres, ct);
                return ExitCode.Ok;
            });
    }

    private static Command Evidence()
    {
        var threads = Number("--threads", "số luồng / threads", 1, 256);
        var seconds = Number("--seconds", "thời gian đo / how long", 10, 3_600);
        return new Command("evidence", "Ký và kiểm tra biên nhận (CAdES, P-256) / Receipts signed and verified (CAdES, P-256)") { threads, seconds }
            .WithExamples("bench evidence", "bench evidence --threads 2").Does(async (parsed, terminal, ct) =>
            {
                await EvidenceBench.RunAsync(new BenchRows(terminal.Out), parsed.GetValue(threads), parsed.GetValue(seconds), ct);
                return ExitCode.Ok;
            });
    }

    /// <summary>A part of a benchmark that is a process of its own, so that each one's processor time is its own.</summary>
    private static Command Inner(string name, string description, Func<string, TextWriter, CancellationToken, Task> run)
    {
        var order = new Option<string>("--order") { Description = "việc phải làm, JSON / what to do, as JSON", Required = true };
        return new Command(name, description) { order }
            .WithExamples($"bench {name} --order '{{…}}'").Hide().Does(async (parsed, terminal, ct) =>
        {
            await run(parsed.GetRequiredValue(order), terminal.Out, ct);
            return ExitCode.Ok;
        });
    }

    private static Command Hide(this Command command)
    {
        command.Hidden = true;
        return command;
    }

    private static Command Grpc()
    {
        var seconds = Number("--seconds", "thời gian đo / how long", 20, 3_600);
        return new Command("grpc", "Lời gọi unary 100 byte so với Kestrel và SocketsHttpHandler trần / 100-byte unary calls beside the bare stack") { seconds }
            .WithExamples("bench grpc", "bench grpc --seconds 60 > grpc.tsv")
            .Does(async (parsed, terminal, ct) =>
            {
                await GrpcBench.RunAsync(terminal.Out, terminal.Error, parsed.GetValue(seconds), ct);
                return ExitCode.Ok;
            });
    }

    private static Command Fuzz()
    {
        var folder = new Argument<string>("FOLDER") { Description = "thư mục tệp PDF làm gốc / the PDFs to bend" };
        var first = Number("--seed", "hạt giống đầu tiên / the first seed", 1, int.MaxValue);
        var threads = Number("--threads", "số luồng / threads", Environment.ProcessorCount, 256);
        var seconds = Number("--seconds", "thời gian / how long", 60, 7 * 86_400);
        var keep = new Option<string>("--keep") { Description = "nơi giữ tệp gây lỗi / where inputs that failed are kept", HelpName = "DIR", DefaultValueFactory = _ => "fuzz-out" };
        return new Command("fuzz", "Bẻ cong tệp PDF theo hạt giống rồi kiểm tra: không sập, không quá 5 giây, không quá 256 MiB / Bent PDFs by seed: no crash, no hang, bounded memory") { folder, first, threads, seconds, keep }
            .WithExamples("bench fuzz corpus/", "bench fuzz corpus/ --seconds 36000 --seed 1000000 --keep found/")
            .Does(async (parsed, terminal, ct) =>
            {
                var from = parsed.GetRequiredValue(folder);
                if (!Directory.Exists(from)) throw CommandException.NoInput(from);
                FuzzBench.LimitHeap();
                var clean = await new FuzzBench(from, parsed.GetRequiredValue(keep), parsed.GetValue(first)).RunAsync(new BenchRows(terminal.Out), terminal.Error, parsed.GetValue(threads), parsed.GetValue(seconds), ct);
                return clean ? ExitCode.Ok : ExitCode.Failed;
            });
    }

    private static Option<int> Number(string name, string description, int usual, int most, int least = 1)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var given && (given < least || given > most)) result.AddError($"{name}: {least}–{most}.");
        });
        return option;
    }
}
