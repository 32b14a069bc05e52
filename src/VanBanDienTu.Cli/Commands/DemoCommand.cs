using System.CommandLine;
using VanBanDienTu.Cli.Demo;
using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt demo</c>: the main job on one machine, no questions asked.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var into = new Option<string>("--out", "-o") { Description = "thư mục kết quả / folder for what it leaves", HelpName = "DIR", DefaultValueFactory = _ => "demo-out" };
        return new Command("demo", "Chạy việc chính từ đầu đến cuối trên máy này / Run the main job on this machine") { into }
            .WithExamples("demo", "demo --out /tmp/thu")
            .Does(async (parsed, terminal, ct) =>
            {
                var shown = parsed.GetRequiredValue(into);
                var folder = DemoFolder.Create(shown);
                var begin = TimeProvider.System.GetTimestamp();
                DemoClaims claims;
                await using (var story = new DemoStory(folder, terminal))
                {
                    claims = await story.RunAsync(ct);
                }
                Conclude(claims, shown, TimeProvider.System.GetElapsedTime(begin), terminal);
                return claims.AllHold ? ExitCode.Ok : ExitCode.Failed;
            });
    }

    private static void Conclude(DemoClaims claims, string folder, TimeSpan took, Terminal terminal)
    {
        var output = terminal.Out;
        output.WriteLine();
        foreach (var (text, holds) in claims.All) output.WriteLine($"{(holds ? "  ✓" : "  ✗ SAI / WRONG:")} {text}");
        output.WriteLine();
        output.WriteLine(claims.AllHold
            ? $"Tất cả đúng như đã nói, trong {took.TotalSeconds:0} s. / All of it was so."
            : $"Có điều KHÔNG đúng; xem {folder}/nodes/*.log. / Something was NOT so; see the nodes' logs.");
        if (!claims.AllHold) return;
        output.WriteLine($"""

            Mở trước / Open first:
              {folder}/signed/cong-van.H99.pdf       văn bản có hai chữ ký, như nơi nhận lấy về
              {folder}/reports/cong-van.H99.html     báo cáo kiểm tra chữ ký (tin gốc MẪU)
              {folder}/packets/cong-van.H99.edxml    gói tin edXML đã qua trục

            Thử tiếp / Try next:
              openssl cms -verify -binary -inform DER -in R.json.p7s -content R.json -CAfile {folder}/trust/root.pem -purpose any   (R trong {folder}/receipts)
              ./vbdt evidence verify {folder}/receipts --trust {folder}/trust --allow-sample-trust
              ./vbdt audit {folder}/nodes/unit --trust {folder}/trust --allow-sample-trust
              ./vbdt pki serve {folder}/pki          (OCSP, CRL, TSA mẫu; để ở một cửa sổ khác)
              ./vbdt verify {folder}/signed --trust {folder}/trust --allow-sample-trust
              ./vbdt serve --config {folder}/nodes/ministry.json
            """);
    }
}
