using System.Runtime;

namespace VanBanDienTu.Cli.Bench;

/// <summary>What this process has used so far.</summary>
/// <param name="Cpu">User and system.</param>
/// <param name="Methods">Compiled by the runtime. While there are many, the processor time is not yet that of a node that runs for months.</param>
/// <param name="Allocated">Bytes.</param>
/// <param name="Paused">All threads stood still for the garbage collector.</param>
internal sealed record ProcessUse(TimeSpan Cpu, long Methods, long Allocated, TimeSpan Paused)
{
    public static ProcessUse Now() => new(Environment.CpuUsage.TotalTime, JitInfo.GetCompiledMethodCount(), GC.GetTotalAllocatedBytes(), GC.GetTotalPauseDuration());

    public ProcessUse Since(ProcessUse before) => new(Cpu - before.Cpu, Methods - before.Methods, Allocated - before.Allocated, Paused - before.Paused);

    /// <summary>Writes the rows <c>core-ms-per-document</c>, <c>allocated-per-document</c>, <c>paused-per-document</c>, <c>methods-compiled</c>.</summary>
    public async Task AddAsync(BenchRows rows, long documents)
    {
        await rows.AddAsync("core-ms-per-document", Cpu.TotalMilliseconds / documents, "ms");
        await rows.AddAsync("allocated-per-document", Allocated / 1024.0 / documents, "KiB");
        await rows.AddAsync("paused-per-document", Paused.TotalMilliseconds / documents, "ms");
        await rows.AddAsync("methods-compiled", Methods, "methods");
    }
}
